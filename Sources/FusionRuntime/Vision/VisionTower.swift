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
  private let layers: LayerShelf<EncoderLayer>

  /// Reads the patch embedding, and the layers if they are to be resident.
  ///
  /// - Throws: what is wrong with a weight.
  public init(
    _ weights: any ModelWeights, _ vision: VisionConfiguration, residency: WeightResidency, context: ComputeContext,
    progress: LoadProgress? = nil
  ) throws {
    let reading = WeightReading(kernels: context.kernels)
    self.vision = vision
    self.weights = weights
    self.context = context
    shape = AttentionShape(
      headCount: vision.headCount, keyValueHeadCount: vision.headCount,
      headDimension: vision.hiddenSize / vision.headCount)
    patchEmbedding = try PatchEmbedding(vision, in: weights, kernels: reading)
    layers = LayerShelf(count: vision.keptLayerCount, residency: residency) { index in
      try EncoderLayer(index, vision, in: weights, kernels: reading)
    }
    try layers.preload(context.team, progress)
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

  /// Encodes five crops.
  ///
  /// - Parameters:
  ///   - crops: four quarters in row order, then the whole picture.
  ///   - instruction: the question in the tower's width, [tokens, hidden].
  ///   - isPadding: for each token of the instruction whether it counts as padding (token id 0).
  /// - Throws: what is wrong with a weight; `.nonfiniteActivation`.
  public func encode(
    _ crops: [ImageCropPixels], instruction: ActivationMatrix, isPadding: [Bool], recorder: (any ActivationRecorder)?,
    progress: LayerProgress?
  ) throws -> Output {
    precondition(crops.count == 5 && isPadding.count == instruction.rowCount, "\(crops.count) crops")
    let patches = vision.patchCount
    let guided = 0..<(patches + instruction.rowCount)
    let quarters = (0..<4).map { guided.upperBound + $0 * patches..<(guided.upperBound + ($0 + 1) * patches) }
    let x = ActivationMatrix(rows: guided.upperBound + 4 * patches, columns: vision.hiddenSize)
    patchEmbedding.embed(crops[4], into: x, row: 0, context)
    x.replaceRows(at: patches, with: instruction, rows: 0..<instruction.rowCount)
    for (quarter, rows) in quarters.enumerated() {
      patchEmbedding.embed(crops[quarter], into: x, row: rows.lowerBound, context)
    }
    let patchEmbeddings = x.copy(rows: 0..<patches)

    let connector = FeatureConnector(
      keptLayerCount: layers.count, rows: x.rowCount, columns: x.columnCount, context: context)
    let hidden = [Bool](repeating: false, count: patches) + isPadding
    for index in 0..<layers.count {
      connector.add(x, index: index)
      try recorder?.record("vision.instruct.hidden.\(index)", x.copy(rows: guided))
      // In the lower half the published code overwrites the score rows of the instruction, so that its tokens see
      // all keys alike; the weights were trained with that.
      let uniformFrom = index < layers.count / 2 ? patches : nil
      let sequences =
        [(rows: guided, mask: AttentionMask.fixed(hidden: hidden, uniformFrom: uniformFrom))]
        + quarters.map { (rows: $0, mask: AttentionMask.none) }
      try layers.layer(index).forward(x, sequences: sequences, shape, vision.activation, context)
      try NonfiniteCheck(weights: weights, kernels: context.kernels).check(
        x, place: "vision layer \(index)", prefixes: ["vision.layers.\(index).", "vision.patch", "vision.position"])
      progress?(index + 1, layers.count)
    }
    try recorder?.record("vision.instruct.hidden.\(layers.count)", x.copy(rows: guided))
    let connected = connector.connect(last: x)
    if let recorder {
      let global = x.copy(rows: guided.upperBound..<x.rowCount)
      try recorder.record("vision.global.hidden.last", global, shape: [4, patches, x.columnCount])
      try recorder.record("vision.instruct.connector", connected.copy(rows: guided))
    }
    return Output(
      guided: connected.copy(rows: guided), global: connected.copy(rows: guided.upperBound..<x.rowCount),
      patchEmbeddings: patchEmbeddings)
  }
}
