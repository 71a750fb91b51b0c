import FusionCore
import WeightGraph

extension FusionModel {
  /// Continues a prompt token by token.
  ///
  /// - Parameters:
  ///   - prefill: of the prompt; its cache gets the answer.
  ///   - prompt: the prompt's ids, for the repetition penalty.
  ///   - sampler: chooses tokens.
  ///   - endTokens: tokens that end an answer.
  ///   - limit: most tokens of the answer; at least 1.
  ///   - onToken: called with each token as it is chosen.
  /// - Returns: the tokens, with the end token if one came.
  /// - Throws: what is wrong with a weight; `.nonfiniteActivation`, `.nonfiniteLogits`; what `onToken` throws.
  public func generate(
    from prefill: Prefill, prompt: [Int], sampler: inout TokenSampler, endTokens: Set<Int>, limit: Int,
    onToken: (Int) throws -> Void
  ) throws -> [Int] {
    let start = prefill.layout.length
    precondition(limit > 0, "an answer of \(limit) tokens")
    var tokens: [Int] = []
    var state = prefill.states.copy(rows: (start - 1)..<start)
    while true {
      let logits = try language.logits(state, rows: 0..<1).logits.row(0)
      let token = try logits.withUnsafeBufferPointer {
        try sampler.next(logits: $0, history: sampler.options.repetitionPenalty == 1 ? [] : prompt + tokens)
      }
      tokens.append(token)
      try onToken(token)
      guard tokens.count < limit, !endTokens.contains(token) else { return tokens }
      state = try language.embed([token])
      try language.forward(state, start: start + tokens.count - 1, cache: prefill.cache)
    }
  }
}
