import FusionCore

/// Chooses tokens from logits, with the filters of the reference's library in its order.
///
/// The order is repetition penalty, temperature, top-k, top-p, min-p, draw; a filter sees what the ones before it left.
/// At least the most likely token always stays. Probabilities are computed in float64 with operations that IEEE 754
/// fixes, and one random number is used for each token drawn: equal options and logits give equal tokens on every
/// machine.
public struct TokenSampler: Sendable {
  /// How tokens are chosen.
  public let options: SamplingOptions

  private var random: SamplingRandom
  /// Logits after the penalty, kept to allocate once.
  private var scores: [Double] = []

  /// A sampler at the start of its random numbers.
  public init(options: SamplingOptions) {
    self.options = options
    random = SamplingRandom(seed: options.seed)
  }

  /// Chooses the next token.
  ///
  /// - Parameters:
  ///   - logits: one for each token of the vocabulary; negative infinity excludes a token.
  ///   - history: tokens of prompt and answer so far, for the repetition penalty; each distinct one counts once.
  ///     Negative ids stand for images and are ignored.
  /// - Returns: an index into `logits`. Without temperature it is that of the greatest logit, the first one of equals.
  /// - Throws: `.nonfiniteLogits` if a logit is NaN or positive infinity, or all are negative infinity.
  public mutating func next(logits: UnsafeBufferPointer<Float>, history: [Int]) throws -> Int {
    precondition(!logits.isEmpty, "no logits")
    let best = try TokenSampler.checkedMaximum(logits)
    let isPenalized = options.repetitionPenalty != 1
    if options.temperature == 0 && !isPenalized { return best }

    scores.removeAll(keepingCapacity: true)
    scores.append(contentsOf: logits.lazy.map(Double.init))
    if isPenalized { penalize(history) }
    if options.temperature == 0 { return TokenSampler.firstMaximum(scores) }
    return draw(from: candidates())
  }

  /// Index of the first greatest logit, after making sure that every logit can be worked with.
  private static func checkedMaximum(_ logits: UnsafeBufferPointer<Float>) throws -> Int {
    var best = 0
    var greatest = -Float.infinity
    for (index, logit) in logits.enumerated() {
      // One comparison for each good logit; NaN and infinity fail it.
      guard logit < .infinity else { throw nonfinite(logit, at: index) }
      if logit > greatest {
        greatest = logit
        best = index
      }
    }
    guard greatest > -.infinity else { throw nonfinite(-.infinity, at: nil) }
    return best
  }

  private static func nonfinite(_ logit: Float, at index: Int?) -> FusionError {
    FusionError(
      .nonfiniteLogits, "the model's output is not a number",
      place: index.map { "logit of token \($0)" } ?? "logits of all tokens", expected: "finite logits",
      found: logit.isNaN ? "NaN" : logit.description,
      remedy: "look for NaN or infinite weights with inspect --stats, and verify the file against its source")
  }

  private mutating func penalize(_ history: [Int]) {
    for token in Set(history) where token >= 0 {
      precondition(token < scores.count, "token \(token) of \(scores.count) in the history")
      let score = scores[token]
      scores[token] = score < 0 ? score * options.repetitionPenalty : score / options.repetitionPenalty
    }
  }

  private static func firstMaximum(_ scores: [Double]) -> Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best
  }

  /// The tokens that the filters leave, in the order of their ids, each with its weight: its probability over that of
  /// the most likely token.
  private func candidates() -> [ScoredToken] {
    let greatest = scores[TokenSampler.firstMaximum(scores)]
    // The weight of a token further below does not change the sum of a vocabulary's weights in float64.
    let range = 60 * options.temperature
    let least = max(greatest - range, leastOfTopK() ?? -.infinity)
    var tokens: [ScoredToken] = []
    for (id, score) in scores.enumerated() where score >= least {
      tokens.append(
        ScoredToken(id: id, score: ExactMath.exponential(max((score - greatest) / options.temperature, -60))))
    }
    if options.topP < 1 { tokens = mostLikely(of: tokens) }
    if options.minP > 0 { tokens.removeAll { $0.score < options.minP } }
    return tokens
  }

  /// The k-th greatest score, or `nil` if all tokens stay.
  private func leastOfTopK() -> Double? {
    guard options.topK > 0, options.topK < scores.count else { return nil }
    var heap = TokenHeap(scores.indices.map { ScoredToken(id: $0, score: scores[$0]) })
    var least: Double?
    for _ in 0..<options.topK { least = heap.popMaximum()?.score }
    return least
  }

  /// The most likely tokens until their probabilities add up to top-p, in the order of their ids.
  private func mostLikely(of tokens: [ScoredToken]) -> [ScoredToken] {
    let wanted = options.topP * tokens.reduce(0) { $0 + $1.score }
    var heap = TokenHeap(tokens)
    var kept: [ScoredToken] = []
    var sum = 0.0
    while kept.isEmpty || sum < wanted, let token = heap.popMaximum() {
      kept.append(token)
      sum += token.score
    }
    return kept.sorted { $0.id < $1.id }
  }

  private mutating func draw(from tokens: [ScoredToken]) -> Int {
    let target = random.unit() * tokens.reduce(0) { $0 + $1.score }
    var sum = 0.0
    for token in tokens {
      sum += token.score
      if sum > target { return token.id }
    }
    // The last sum is the total and the target is below it, but for a product that was rounded up to it.
    guard let last = tokens.last else { preconditionFailure("no token to draw from") }
    return last.id
  }
}
