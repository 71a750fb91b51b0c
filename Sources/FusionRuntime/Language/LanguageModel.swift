import FusionCore
import NumericKernels
import WeightGraph

/// The decoder: Phi-3 or LLaMA, alone or under a FUSION model. One pass at a time.
public final class LanguageModel {
  let weights: any ModelWeights
  let context: ComputeContext
  let rotary: RotaryEmbedding
  let shape: AttentionShape
  let layers: LayerShelf<DecoderLayer>

  private let language: LanguageConfiguration
  private let reading: WeightReading
  private let embedding: WeightMatrix
  private let norm: RootMeanSquareNorm
  private let head: Linear

  /// Reads what every pass needs: embedding, final norm and head; the layers too if they are to be resident.
  ///
  /// - Throws: what is wrong with a weight.
  public init(
    _ weights: any ModelWeights, residency: WeightResidency, context: ComputeContext, progress: LoadProgress? = nil
  ) throws {
    let language = weights.configuration.language
    let reading = WeightReading(kernels: context.kernels)
    let weights =
      residency == .streamed
      ? weights
      : try LoadedWeights(
        weights, names: LoadedWeights.names(["language."], of: weights.configuration), team: context.team,
        progress: progress)
    self.weights = weights
    self.context = context
    self.language = language
    self.reading = reading
    rotary = RotaryEmbedding(language)
    shape = AttentionShape(
      headCount: language.headCount, keyValueHeadCount: language.keyValueHeadCount,
      headDimension: language.headDimension)
    embedding = try weights.matrix("language.embedding.weight")
    norm = try RootMeanSquareNorm(
      "language.norm.weight", epsilon: language.rmsNormEpsilon, in: weights, kernels: reading)
    // An error of the head's input goes straight to the logits, and the head is a small part of the work.
    head = Linear(
      weight: language.tieWordEmbeddings ? embedding : try weights.matrix("language.head.weight"), bias: nil,
      permitsRoundedInput: false)
    layers = LayerShelf(
      "language.layers.", count: language.layerCount, residency: residency, in: weights, team: context.team
    ) { index, weights in try DecoderLayer(index, in: weights, kernels: reading) }
    try layers.preload(context.team)
  }

  /// Width of the residual stream.
  public var hiddenSize: Int { language.hiddenSize }
  /// Rows of the embedding.
  public var vocabularySize: Int { language.vocabularySize }
  /// Decoder layers.
  public var layerCount: Int { language.layerCount }

  /// An empty cache.
  ///
  /// - Parameter capacity: positions to make room for at once; more are made room for when they come.
  public func makeCache(capacity: Int) -> KeyValueCache {
    KeyValueCache(layerCount: layerCount, shape: shape, capacity: capacity, precision: context.keyValuePrecision)
  }

  /// Embeddings of tokens.
  ///
  /// - Parameter tokens: ids below ``vocabularySize``.
  /// - Returns: [tokens, hidden size].
  /// - Throws: `.tokenOutOfRange`.
  public func embed(_ tokens: [Int]) throws -> ActivationMatrix {
    let result = ActivationMatrix(rows: tokens.count, columns: hiddenSize)
    for (row, token) in tokens.enumerated() {
      guard (0..<vocabularySize).contains(token) else {
        throw FusionError(
          .tokenOutOfRange, "the tokenizer gives a token that the model has no embedding for", place: "token \(row)",
          expected: "0 to \(vocabularySize - 1)", found: "\(token)",
          remedy: "use the tokenizer files that belong to this checkpoint")
      }
      reading.decode(embedding, rows: token..<(token + 1), into: result[row])
    }
    try check.check(result, place: "embeddings", prefixes: ["language.embedding."])
    return result
  }

  /// Runs all layers over rows at consecutive positions, in place.
  ///
  /// - Parameters:
  ///   - x: embeddings; on return the output of the last layer, before the final norm.
  ///   - start: position of the first row; all earlier ones are in the cache.
  ///   - cache: of this model.
  ///   - kinds: what the rows stand for, for an observer.
  ///   - afterLayer: called with the number of a layer and its output, which it may change.
  /// - Throws: what is wrong with a weight; `.nonfiniteActivation` that names layer and tensor.
  public func forward(
    _ x: ActivationMatrix, start: Int, cache: KeyValueCache, kinds: RowKinds = .language,
    afterLayer: (_ layer: Int, _ x: ActivationMatrix) throws -> Void = { _, _ in }
  ) throws {
    guard x.rowCount > 0 else { return }
    let pass = pass(positions: start..<(start + x.rowCount), kinds)
    for index in 0..<layerCount {
      let layer = try layers.layer(index)
      try advance(
        x, pass, through: layer, index: index, cache: cache.layer(index, positions: pass.positions.upperBound))
      try afterLayer(index, x)
    }
  }

  /// What all layers of a pass over these positions share.
  func pass(positions: Range<Int>, _ kinds: RowKinds) -> DecoderLayer.Pass {
    let tables = rotary.tables(positions: positions)
    return DecoderLayer.Pass(
      shape: shape, activation: language.activation, window: language.slidingWindow, cosines: tables.cosines,
      sines: tables.sines, positions: positions, kinds: kinds)
  }

  /// Runs one layer in place.
  func advance(
    _ x: ActivationMatrix, _ pass: DecoderLayer.Pass, through layer: DecoderLayer, index: Int,
    cache: KeyValueCache.Layer
  ) throws {
    layer.forward(x, pass, cache, context)
    try check.check(x, place: "decoder layer \(index)", prefixes: ["language.layers.\(index)."])
  }

  /// Final norm and head over some rows.
  ///
  /// - Returns: the normalized states [rows, hidden size] and the logits [rows, vocabulary].
  public func logits(_ x: ActivationMatrix, rows: Range<Int>) throws -> (
    states: ActivationMatrix, logits: ActivationMatrix
  ) {
    let states = norm.apply(to: x.copy(rows: rows), context)
    // Whatever stands at a position: a word is predicted from it.
    let logits = context.apply(head, to: states, .language)
    try check.check(
      logits, place: "logits", prefixes: ["language.norm.", "language.head.", "language.embedding."])
    return (states, logits)
  }

  /// Final norm over all rows.
  public func normalized(_ x: ActivationMatrix) -> ActivationMatrix { norm.apply(to: x, context) }

  private var check: NonfiniteCheck { NonfiniteCheck(weights: weights, context: context) }
}

extension FusionError.Code {
  /// A token id that the embedding has no row for.
  public static let tokenOutOfRange = Self("runtime.tokenOutOfRange")
}
