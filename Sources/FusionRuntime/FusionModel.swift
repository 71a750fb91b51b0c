import FusionCore
import NumericKernels
import WeightGraph

/// A model of any family, ready to compute: the decoder and, for FUSION, everything that turns a picture into tokens.
///
/// One pass at a time: passes share scratch memory, and use all threads of the context anyway.
public final class FusionModel {
  /// The decoder.
  public let language: LanguageModel
  /// What the model is.
  public let configuration: ModelConfiguration

  let context: ComputeContext
  let vision: VisionParts?

  /// What only a FUSION model has.
  struct VisionParts {
    let tower: VisionTower
    let projector: Projector
    let auxProjector: Projector
    let samplers: LayerShelf<LatentSampler>
    let interaction: InteractionConfiguration
  }

  /// Reads the weights that are to be resident, and those that every pass needs.
  ///
  /// - Parameter progress: told how many layers were read, from one thread at a time.
  /// - Throws: what is wrong with a weight; `.unsupportedWidth`.
  public init(
    _ weights: any ModelWeights, residency: WeightResidency, context: ComputeContext,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws {
    try DenseProduct.prepare()
    let configuration = weights.configuration
    let layerCount =
      configuration.language.layerCount + (configuration.vision?.keptLayerCount ?? 0)
      + (configuration.interaction?.samplerCount ?? 0)
    let counter = progress.map { LoadProgress(total: layerCount, handler: $0) }
    self.configuration = configuration
    self.context = context
    if let vision = configuration.vision, let interaction = configuration.interaction {
      let hidden = configuration.language.hiddenSize
      guard interaction.samplerCount == 0 || hidden % LatentSampler.headCount == 0 else {
        throw FusionError(
          .unsupportedWidth, "the samplers' heads do not divide the model's width", place: "hidden_size",
          expected: "a multiple of \(LatentSampler.headCount)", found: "\(hidden)",
          remedy: "use the config.json that was published with the model")
      }
      try Self.checkSizes(interaction, vision)
      let reading = WeightReading(kernels: context.kernels)
      let names = LoadedWeights.names(
        ["projector.", "aux_projector."] + (residency == .resident ? ["samplers."] : []), of: configuration)
      let others = try LoadedWeights(weights, names: names, team: context.team, progress: counter)
      let samplers = LayerShelf(
        "samplers.", count: interaction.samplerCount, residency: residency,
        in: residency == .resident ? others : weights, team: context.team
      ) { index, weights in try LatentSampler(index, in: weights, kernels: reading) }
      try samplers.preload(context.team)
      self.vision = VisionParts(
        tower: try VisionTower(weights, vision, residency: residency, context: context, progress: counter),
        projector: try Projector("projector", in: others, kernels: reading),
        auxProjector: try Projector("aux_projector", in: others, kernels: reading), samplers: samplers,
        interaction: interaction)
    } else {
      vision = nil
    }
    language = try LanguageModel(weights, residency: residency, context: context, progress: counter)
  }

  /// Pixels along a side of a crop; five crops of this size take 250 MB as floats.
  private static let maximumImageSize = 2_048

  /// The samplers' context may be wider than the grid it is pooled from, but its memory must not come from a number in
  /// config.json alone: four times the width of the grid leaves room for all that is published, and then it takes at
  /// most sixteen times the grid's own memory.
  private static func checkSizes(_ interaction: InteractionConfiguration, _ vision: VisionConfiguration) throws {
    guard vision.imageSize <= maximumImageSize else {
      throw FusionError(
        .unsupportedWidth, "the tower's crops are larger than any that is published", place: "image_size",
        expected: "at most \(maximumImageSize)", found: "\(vision.imageSize)",
        remedy: "use the config.json that was published with the model")
    }
    let limit = 4 * 2 * vision.patchesPerSide
    let widest = (interaction.queryLengths.max()?.squareRoot ?? 1) * interaction.windowSize
    guard widest <= limit else {
      throw FusionError(
        .unsupportedWidth, "the samplers' windows are wider than the picture's features allow",
        place: "query_len, window_size", expected: "root of query_len times window_size up to \(limit)",
        found: "\(widest)", remedy: "use the config.json that was published with the model")
    }
  }
}

extension FusionError.Code {
  /// A size of the model that the computation has no meaning for.
  public static let unsupportedWidth = Self("runtime.unsupportedWidth")
}
