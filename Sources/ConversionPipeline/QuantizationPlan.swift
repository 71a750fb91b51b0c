import FusionCore
import WeightGraph

/// What becomes of every tensor of a graph, decided before a byte is written.
public struct QuantizationPlan: Sendable {
  /// One entry a tensor, in canonical order.
  public let entries: [PlannedTensor]

  /// Tensors smaller than this are kept: their scales would cost more than their codes save, and they are never what
  /// a model's size is made of.
  public static let smallestQuantizedElementCount = 4096

  /// Decides.
  ///
  /// The bulk of the language model and of the samplers gets the recipe's scheme. Under int4 the embedding, the head,
  /// the vision tower and both projectors get int8 per channel: they are a small part of the size, and the ones where
  /// an error reaches everything after them. Vectors, position embeddings, buffers and tiny tensors are kept.
  ///
  /// - Throws: a usage error for a pattern that fits no tensor; `.planOfOtherModel` for a plan that names one which the
  ///   graph does not have.
  public init(graph: CanonicalGraph, recipe: QuantizationRecipe) throws {
    for override in recipe.overrides {
      guard let file = override.file, !graph.tensors.contains(where: { $0.isNamed(by: override.pattern) }) else {
        continue
      }
      throw FusionError(
        .planOfOtherModel, "the plan names a tensor that the model does not have", file: file,
        place: "tensors, \(TensorName.quoted(override.pattern.text))",
        expected: "names that inspect prints for this model", found: "no match among \(graph.tensors.count) tensors",
        remedy: "use a plan of this model, or write one: fusion-convert convert CHECKPOINT OUTPUT --save-plan FILE")
    }
    let patterns = recipe.keep + recipe.overrides.map(\.pattern)
    for pattern in patterns where !graph.tensors.contains(where: { $0.isNamed(by: pattern) }) {
      throw FusionError(
        .patternWithoutMatch, "a name pattern fits no tensor", place: pattern.text,
        expected: "a pattern over the names that inspect prints",
        found: "no match among \(graph.tensors.count) tensors",
        remedy: "quote the pattern for the shell, and look at the names with: fusion-convert inspect CHECKPOINT")
    }
    let entries = try graph.tensors.map { tensor in
      let entry = Self.decide(tensor, recipe)
      guard entry.encoding.residentByteCount(shape: tensor.description.shape, dtype: entry.dtype) != nil else {
        throw FusionError(
          .badOption, "the tensor's size overflows", place: tensor.description.name, expected: "fewer than 2^63 bytes",
          found: "\(tensor.description.shape)", remedy: "check the checkpoint")
      }
      return entry
    }
    if recipe.scheme != .keep { try Self.refuseOtherTypes(entries) }
    self.entries = entries
  }

  /// Weights whose type is neither quantized nor computed with would make a container that nothing can run, under the
  /// name of a scheme that none of it has.
  private static func refuseOtherTypes(_ entries: [PlannedTensor]) throws {
    let others = entries.filter { entry in
      let isAsked = entry.fallbackFrom != nil || (!entry.isRequested && entry.scheme == .keep)
      return isAsked && entry.isOfOtherType
    }
    guard let first = others.first else { return }
    let types = Set(others.map(\.tensor.description.dtype.rawValue)).sorted().joined(separator: ", ")
    throw FusionError(
      .weightsOfOtherType, "weights of this type cannot be quantized, nor run", place: first.tensor.description.name,
      expected: "F32, BF16 or F16 values", found: "\(others.count) matrices of \(types)",
      remedy:
        "save the model in float32 or bfloat16 first (model.to(torch.bfloat16).save_pretrained), or store it as it "
        + "is with --quant keep")
  }

  private static func decide(_ tensor: GraphTensor, _ recipe: QuantizationRecipe) -> PlannedTensor {
    if let pattern = recipe.keep.first(where: { tensor.isNamed(by: $0) }) {
      return PlannedTensor(
        tensor: tensor, scheme: .keep, reason: "--keep \(pattern.text)", fallbackFrom: nil, isRequested: true)
    }
    if let override = recipe.overrides.last(where: { tensor.isNamed(by: $0.pattern) }) {
      if let obstacle = obstacle(to: override.scheme, tensor) {
        return PlannedTensor(
          tensor: tensor, scheme: .keep, reason: obstacle, fallbackFrom: override.scheme, isRequested: true)
      }
      return PlannedTensor(
        tensor: tensor, scheme: override.scheme, reason: override.reason, fallbackFrom: nil, isRequested: true)
    }
    if let obstacle = obstacle(to: recipe.scheme, tensor) {
      return PlannedTensor(tensor: tensor, scheme: .keep, reason: obstacle, fallbackFrom: nil, isRequested: false)
    }
    let (scheme, reason) = standard(recipe.scheme, tensor)
    return PlannedTensor(
      tensor: tensor, scheme: recipe.method.improved(scheme, for: tensor), reason: reason, fallbackFrom: nil,
      isRequested: false)
  }

  /// Why a tensor cannot have a scheme; `nil` if it can.
  private static func obstacle(to scheme: WeightScheme, _ tensor: GraphTensor) -> String? {
    let description = tensor.description
    switch scheme {
    case .keep: return nil
    case .convert:
      if tensor.role == .buffer { return "buffers are kept" }
      return description.dtype.isQuantizable ? nil : "\(description.dtype.rawValue) does not convert exactly to float32"
    case .quantize, .entropy:
      if tensor.role == .buffer { return "buffers are kept" }
      if !description.dtype.isQuantizable { return "\(description.dtype.rawValue) is not quantized" }
      if description.shape.rank < 2 { return "vectors are kept" }
      if description.shape.elementCount < smallestQuantizedElementCount { return "too small to gain from it" }
      return nil
    }
  }

  private static func standard(_ scheme: WeightScheme, _ tensor: GraphTensor) -> (WeightScheme, String) {
    guard scheme.encoding.isQuantized else { return (scheme, "all tensors") }
    if tensor.isPositionEmbedding { return (.keep, "added to activations, not multiplied") }
    if tensor.role == .norm { return (.keep, "norms are kept") }
    if scheme == .quantize(scheme.encoding), scheme.encoding.codeBits == 8 { return (scheme, "all matrices") }
    let int8 = WeightScheme.quantize(.int8PerChannel)
    switch tensor.role {
    case .embedding: return (int8, "embedding: every token passes here")
    case .head: return (int8, "head: its errors are the logits' errors")
    case .vision: return (int8, "vision tower: a small part of the size")
    case .projector, .auxProjector: return (int8, "projector: joins the two models")
    default: return (scheme, "bulk of the weights")
    }
  }
}

extension GraphTensor {
  /// Whether a pattern fits the source's own name or the canonical one.
  func isNamed(by pattern: NamePattern) -> Bool { pattern.matches(description.name, canonicalName) }

  /// Whether the tensor is a table of learned positions.
  var isPositionEmbedding: Bool { canonicalName.hasSuffix("position_embedding.weight") }
}

extension FusionError.Code {
  /// A conversion would leave matrices as they are because of their type, and they cannot be run.
  public static let weightsOfOtherType = Self("convert.weightsOfOtherType")
}
