import WeightGraph

/// The weights of one decoder layer.
struct DecoderLayer: Sendable {
  let attentionNorm: RootMeanSquareNorm
  /// Query, key and value rows: one fused weight, or three.
  let queryKeyValue: [Linear]
  let attentionOutput: Linear
  let mlpNorm: RootMeanSquareNorm
  /// Gate and up rows: one fused weight, or two.
  let gateUp: [Linear]
  let down: Linear

  init(_ index: Int, in weights: any ModelWeights, kernels: WeightReading) throws {
    let configuration = weights.configuration
    let language = configuration.language
    let name = "language.layers.\(index)."
    func linear(_ suffix: String, _ hasBias: Bool) throws -> Linear {
      try Linear(name + suffix, hasBias: hasBias, in: weights, kernels: kernels)
    }
    func norm(_ suffix: String) throws -> RootMeanSquareNorm {
      try RootMeanSquareNorm(name + suffix, epsilon: language.rmsNormEpsilon, in: weights, kernels: kernels)
    }
    let isFused = configuration.family.hasFusedRows
    let attentionNames = isFused ? ["attention.qkv"] : ["attention.q", "attention.k", "attention.v"]
    let mlpNames = isFused ? ["mlp.gate_up"] : ["mlp.gate", "mlp.up"]
    attentionNorm = try norm("attention_norm.weight")
    queryKeyValue = try attentionNames.map { try linear($0, language.hasAttentionBias) }
    attentionOutput = try linear("attention.output", language.hasAttentionBias)
    mlpNorm = try norm("mlp_norm.weight")
    gateUp = try mlpNames.map { try linear($0, language.hasMLPBias) }
    down = try linear("mlp.down", language.hasMLPBias)
  }
}
