import AccuracyMetrics
import AccuracyReports
import FusionCore
import FusionRuntime
import WeightGraph

/// Compares the weights of two models tensor by tensor; at most two tensors are in memory.
struct WeightDiffer {
  let reference: ComparedModel
  let candidate: ComparedModel
  let context: ComputeContext

  /// Every tensor of the graph, in its order; tied ones once.
  ///
  /// - Throws: what is wrong with a weight; `.differentGraphs`.
  func compare(progress: ProgressHandler?) throws -> [TensorDifference] {
    let specifications = Dictionary(
      ExpectedTensors.list(for: reference.runtime.configuration).map { ($0.canonicalName, $0) },
      uniquingKeysWith: { first, _ in first })
    let others = Dictionary(
      candidate.inspection.tensors.compactMap { tensor in tensor.canonicalName.map { ($0, tensor) } },
      uniquingKeysWith: { first, _ in first })
    let tensors = reference.inspection.tensors.filter { $0.canonicalName.map { specifications[$0] != nil } ?? false }
    let total = tensors.reduce(0) { $0 + $1.byteCount }
    var done = 0
    return try tensors.compactMap { tensor in
      defer {
        done += tensor.byteCount
        progress?(ProgressUpdate(step: "comparing weights", doneByteCount: done, totalByteCount: total))
      }
      guard let name = tensor.canonicalName, let specification = specifications[name] else { return nil }
      // Buffers and dropped layers are never computed with; a candidate may well lack them.
      guard let other = others[name], (DType(rawValue: tensor.dtype)?.isQuantizable ?? false) else {
        guard specification.isOptional else { throw Self.missing(name, candidate.runner.model.path) }
        return nil
      }
      return try difference(name, specification, tensor, other)
    }
  }

  private func difference(
    _ name: String, _ specification: TensorSpecification, _ tensor: InspectionReport.Tensor,
    _ other: InspectionReport.Tensor
  ) throws -> TensorDifference {
    let weights = (
      reference: try reference.runner.model.weights.matrix(name),
      candidate: try candidate.runner.model.weights.matrix(name)
    )
    guard weights.reference.shape == weights.candidate.shape else {
      throw FusionError.differentGraphs(
        name, "\(weights.reference.shape)", "\(weights.candidate.shape)", candidate.runner.model.path)
    }
    let sums = WeightComparison(context).compare(reference: weights.reference, candidate: weights.candidate)
    let count = Double(max(sums.count, 1))
    let isQuantized = weights.candidate.encoding.isQuantized
    return TensorDifference(
      name: name, part: Self.part(specification), role: specification.role.rawValue, layer: Self.layer(name),
      shape: weights.reference.shape.dimensions,
      scheme: other.scheme, dtype: tensor.scheme,
      weightCount: sums.count, storedBitsPerWeight: other.storedBits, residentBitsPerWeight: other.residentBits,
      isExact: sums.isExact,
      signalToNoise: sums.isExact
        ? nil
        : SignalToQuantizationNoise.decibels(signalEnergy: sums.referenceEnergy, errorEnergy: sums.errorEnergy),
      relativeError: RelativeFrobeniusError.value(signalEnergy: sums.referenceEnergy, errorEnergy: sums.errorEnergy),
      maximumError: sums.maximumError,
      cosine: sums.isExact
        ? 1
        : CosineSimilarity.value(
          dotProduct: sums.dotProduct, referenceEnergy: sums.referenceEnergy, otherEnergy: sums.candidateEnergy),
      clippedShare: isQuantized ? Double(sums.clippedCount) / count : nil,
      outlierShare: Double(sums.outlierCount) / count)
  }

  private static func part(_ specification: TensorSpecification) -> AccuracyReports.ModelPart {
    switch specification.role {
    case .embedding: return .embedding
    case .head: return .head
    case .vision: return .vision
    case .projector, .auxProjector: return .projector
    case .sampler: return .sampler
    case .attention, .mlp, .norm, .buffer: break
    }
    let name = specification.canonicalName
    if name.hasPrefix("vision.") { return .vision }
    if name.hasPrefix("samplers.") { return .sampler }
    return name.hasPrefix("language.") ? .language : .projector
  }

  /// The number after `layers.` or `samplers.`.
  private static func layer(_ name: String) -> Int? {
    let words = name.split(separator: ".")
    guard let index = words.firstIndex(where: { $0 == "layers" || $0 == "samplers" }), index + 1 < words.count else {
      return nil
    }
    return Int(words[index + 1])
  }

  private static func missing(_ name: String, _ path: String) -> FusionError {
    FusionError.differentGraphs(name, "a tensor of this name", "none", path)
  }
}

extension FusionError {
  static func differentGraphs(_ place: String, _ expected: String, _ found: String, _ file: String) -> FusionError {
    FusionError(
      .differentGraphs, "the two models are not of the same graph", file: file, place: place, expected: expected,
      found: found, remedy: "compare a model with a conversion of itself")
  }
}

extension FusionError.Code {
  /// Two models whose tensors or sizes differ cannot be compared layer by layer.
  public static let differentGraphs = Self("diff.differentGraphs")
}
