import NumericKernels
import WeightGraph

/// Rewrites latent vision tokens in the light of the question: attention from each latent to its window of the picture.
///
/// Source: FUSION (arXiv 2504.09925), context-aware recursive alignment decoding.
struct LatentSampler: Sendable {
  /// Heads in every published sampler, whatever its width.
  static let headCount = 16

  private let input: Linear
  private let contextProjection: Linear
  private let queryNorm: LayerNorm
  private let keyNorm: LayerNorm
  private let valueNorm: LayerNorm
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let output: Linear
  private let norm: LayerNorm
  private let first: Linear
  private let second: Linear

  init(_ index: Int, in weights: any ModelWeights, kernels: WeightReading) throws {
    let name = "samplers.\(index)."
    func linear(_ suffix: String) throws -> Linear {
      try Linear(name + suffix, hasBias: false, in: weights, kernels: kernels)
    }
    func norm(_ suffix: String) throws -> LayerNorm {
      try LayerNorm(name + suffix, epsilon: 1e-5, in: weights, kernels: kernels)
    }
    input = try linear("input")
    contextProjection = try linear("context")
    queryNorm = try norm("attention.q_norm")
    keyNorm = try norm("attention.k_norm")
    valueNorm = try norm("attention.v_norm")
    query = try linear("attention.q")
    key = try linear("attention.k")
    value = try linear("attention.v")
    output = try linear("attention.output")
    self.norm = try norm("norm")
    first = try linear("mlp.linear1")
    second = try linear("mlp.linear2")
  }

  /// New latents.
  ///
  /// - Parameters:
  ///   - latents: [turns * query length, hidden].
  ///   - questions: for each latent the state of the last prompt token of its turn, [turns * query length, hidden].
  ///   - windows: [query length * window^2, hidden]: the window of each latent of a turn, one after the other.
  func rewrite(
    _ latents: ActivationMatrix, questions: ActivationMatrix, windows: ActivationMatrix, queryLength: Int,
    _ context: ComputeContext
  ) -> ActivationMatrix {
    let width = latents.columnCount
    let both = context.makeMatrix(rows: latents.rowCount, columns: 2 * width)
    for row in 0..<both.rowCount {
      _ = both[row, 0..<width].update(from: questions[row])
      _ = both[row, width..<(2 * width)].update(from: latents[row])
    }
    let residual = context.apply(input, to: both, .vision)
    let queries = context.apply(query, to: queryNorm.apply(to: residual, context), .vision)
    let projected = context.apply(contextProjection, to: windows, .vision)
    let keys = context.apply(key, to: keyNorm.apply(to: projected, context), .vision)
    let values = context.apply(value, to: valueNorm.apply(to: projected, context), .vision)
    let attended = attend(queries, keys, values, queryLength: queryLength, context)
    let mixed = context.apply(output, to: attended, .vision)
    context.add(residual, to: mixed)
    let inner = context.apply(first, to: norm.apply(to: mixed, context), .vision)
    context.apply(.gelu, to: inner)
    let result = context.apply(second, to: inner, .vision)
    context.add(latents, to: result)
    return result
  }

  /// Each latent attends to its own window only; the latents of all turns share the windows.
  private func attend(
    _ queries: ActivationMatrix, _ keys: ActivationMatrix, _ values: ActivationMatrix, queryLength: Int,
    _ context: ComputeContext
  ) -> ActivationMatrix {
    let result = context.makeMatrix(rows: queries.rowCount, columns: queries.columnCount)
    let windowSize = keys.rowCount / queryLength
    let shape = AttentionShape(
      headCount: Self.headCount, keyValueHeadCount: Self.headCount,
      headDimension: queries.columnCount / Self.headCount)
    for row in 0..<queries.rowCount {
      let window = row % queryLength * windowSize
      let operands = AttentionOperands(
        queries: queries, queryRows: row..<(row + 1), queryColumn: 0,
        keysAndValues: .columns(
          keys: keys, keyColumn: 0, values: values, valueColumn: 0, rows: window..<(window + windowSize)),
        results: result)
      context.attend(operands, shape, mask: .none)
    }
    return result
  }
}
