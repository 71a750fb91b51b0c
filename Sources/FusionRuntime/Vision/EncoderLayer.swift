import WeightGraph

/// The weights of one layer of the vision tower.
struct EncoderLayer: Sendable {
  let attentionNorm: LayerNorm
  let queryKeyValue: [Linear]
  let attentionOutput: Linear
  let mlpNorm: LayerNorm
  let up: Linear
  let down: Linear

  init(_ index: Int, _ vision: VisionConfiguration, in weights: any ModelWeights, kernels: WeightReading) throws {
    let name = "vision.layers.\(index)."
    func linear(_ suffix: String) throws -> Linear {
      try Linear(name + suffix, hasBias: true, in: weights, kernels: kernels)
    }
    func norm(_ suffix: String) throws -> LayerNorm {
      try LayerNorm(name + suffix, epsilon: vision.layerNormEpsilon, in: weights, kernels: kernels)
    }
    attentionNorm = try norm("attention_norm")
    queryKeyValue = try ["attention.q", "attention.k", "attention.v"].map(linear)
    attentionOutput = try linear("attention.output")
    mlpNorm = try norm("mlp_norm")
    up = try linear("mlp.up")
    down = try linear("mlp.down")
  }

  /// Runs the layer in place over several sequences that stand one after the other in the rows of x.
  ///
  /// - Parameters:
  ///   - sequences: rows and mask of each; they do not see each other.
  ///   - kinds: what the rows stand for, for an observer.
  func forward(
    _ x: ActivationMatrix, sequences: [(rows: Range<Int>, mask: AttentionMask)], _ shape: AttentionShape,
    _ activation: Activation, _ kinds: RowKinds, _ context: ComputeContext
  ) {
    let projected = context.apply(queryKeyValue, to: attentionNorm.apply(to: x, context), kinds)
    let attended = context.makeMatrix(rows: x.rowCount, columns: shape.queryWidth)
    for sequence in sequences {
      let operands = AttentionOperands(
        queries: projected, queryRows: sequence.rows, queryColumn: 0,
        keysAndValues: .columns(
          keys: projected, keyColumn: shape.queryWidth, values: projected,
          valueColumn: shape.queryWidth + shape.keyValueWidth, rows: sequence.rows),
        results: attended)
      context.attend(operands, shape, mask: sequence.mask)
    }
    context.add(context.apply(attentionOutput, to: attended, kinds), to: x)
    let inner = context.apply(up, to: mlpNorm.apply(to: x, context), kinds)
    context.apply(activation, to: inner)
    context.add(context.apply(down, to: inner, kinds), to: x)
  }
}
