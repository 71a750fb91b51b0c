import FusionCore
import NumericKernels
import WeightGraph

/// SigLIP with text-guided encoding: the whole picture is seen together with the question, its quarters alone.
public final class VisionTower {
  /// Sizes of the tower.
  public let vision: VisionConfiguration

  private let weights: any ModelWeights
  private let context: ComputeContext
  private let shape: AttentionShape
  private let patchEmbedding: PatchEmbedding
  let layers: LayerShelf<EncoderLayer>

  /// Reads the patch embedding, and the layers if they are to be resident.
  ///
  /// - Throws: what is wrong with a weight.
  public init(
    _ weights: any ModelWeights, _ vision: VisionConfiguration, residency: WeightResidency, context: ComputeContext,
    progress: LoadProgress? = nil
  ) throws {
    let reading = WeightReading(kernels: context.kernels)
    let weights =
      residency == .streamed
      ? weights
      : try LoadedWeights(
        weights,
        names: LoadedWeights.names(
          ["vision.layers.", "vision.patch_embedding.", "vision.position_embedding."], of: weights.configuration),
        team: context.team, progress: progress)
    self.vision = vision
    self.weights = weights
    self.context = context
    shape = AttentionShape(
      headCount: vision.headCount, keyValueHeadCount: vision.headCount,
      headDimension: vision.hiddenSize / vision.headCount)
    patchEmbedding = try PatchEmbedding(vision, in: weights, kernels: reading)
    layers = LayerShelf(
      "vision.layers.", count: vision.keptLayerCount, residency: residency, in: weights, team: context.team
    ) { index, weights in try EncoderLayer(index, vision, in: weights, kernels: reading) }
    try layers.preload(context.team)
  }

  /// Connected features of a picture's crops.
  public struct Output {
    /// Of the whole picture and the instruction: [patches + instruction, 3 hidden].
    public let guided: ActivationMatrix
    /// Of the quarters, one after the other: [quarters * patches, 3 hidden].
    public let global: ActivationMatrix
    /// The embedded patches of the whole picture, before any layer: [patches, hidden].
    public let patchEmbeddings: ActivationMatrix
  }

  /// Embeds five crops.
  ///
  /// - Parameters:
  ///   - crops: four quarters in row order, then the whole picture.
  ///   - instruction: the question in the tower's width, [tokens, hidden].
  ///   - isPadding: for each token of the instruction whether it counts as padding (token id 0).
  func begin(_ crops: [ImageCropPixels], instruction: ActivationMatrix, isPadding: [Bool]) -> VisionPass {
    precondition(crops.count == 5 && isPadding.count == instruction.rowCount, "\(crops.count) crops")
    let pass = VisionPass(
      patchCount: vision.patchCount, isPadding: isPadding, columns: vision.hiddenSize, keptLayerCount: layers.count,
      context: context)
    patchEmbedding.embed(crops[4], into: pass.x, row: 0, context)
    pass.x.replaceRows(at: vision.patchCount, with: instruction, rows: 0..<instruction.rowCount)
    for (quarter, rows) in pass.quarters.enumerated() {
      patchEmbedding.embed(crops[quarter], into: pass.x, row: rows.lowerBound, context)
    }
    pass.patchEmbeddings = pass.x.copy(rows: 0..<vision.patchCount)
    return pass
  }

  /// Runs one layer; layers come in order.
  ///
  /// - Throws: `.nonfiniteActivation`.
  func advance(
    _ pass: VisionPass, through layer: EncoderLayer, index: Int, recorder: (any ActivationRecorder)?
  ) throws {
    pass.connector.add(pass.x, index: index)
    try recorder?.record("vision.instruct.hidden.\(index)", pass.x.copy(rows: pass.guided))
    // In the lower half the published code overwrites the score rows of the instruction, so that its tokens see
    // all keys alike; the weights were trained with that.
    let uniformFrom = index < layers.count / 2 ? vision.patchCount : nil
    let sequences =
      [(rows: pass.guided, mask: AttentionMask.fixed(hidden: pass.isHidden, uniformFrom: uniformFrom))]
      + pass.quarters.map { (rows: $0, mask: AttentionMask.none) }
    layer.forward(pass.x, sequences: sequences, shape, vision.activation, pass.kinds, context)
    try NonfiniteCheck(weights: weights, context: context).check(
      pass.x, place: "vision layer \(index)", prefixes: ["vision.layers.\(index).", "vision.patch", "vision.position"])
  }

  /// Connects the levels once all layers have run.
  func finish(_ pass: VisionPass, recorder: (any ActivationRecorder)?) throws -> Output {
    let quarters = pass.guided.upperBound..<pass.x.rowCount
    try recorder?.record("vision.instruct.hidden.\(layers.count)", pass.x.copy(rows: pass.guided))
    let connected = pass.connector.connect(last: pass.x)
    if let recorder {
      try recorder.record(
        "vision.global.hidden.last", pass.x.copy(rows: quarters), shape: [4, vision.patchCount, pass.x.columnCount])
      try recorder.record("vision.instruct.connector", connected.copy(rows: pass.guided))
    }
    return Output(
      guided: connected.copy(rows: pass.guided), global: connected.copy(rows: quarters),
      patchEmbeddings: pass.patchEmbeddings)
  }
}
