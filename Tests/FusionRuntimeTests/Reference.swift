import Foundation

/// The filters written the long way: full sorts, every probability computed again after each step.
enum Reference {
  static func probabilities(_ scores: [Double], temperature: Double) -> [Double] {
    let greatest = scores.max() ?? 0
    let weights = scores.map { exp(($0 - greatest) / temperature) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// Tokens that temperature, top-k, top-p and min-p leave, in this order.
  static func kept(_ logits: [Double], temperature: Double, topK: Int, topP: Double, minP: Double) -> Set<Int> {
    var scores = logits.map { $0 / temperature }
    if topK > 0, topK < scores.count {
      let limit = scores.sorted(by: >)[topK - 1]
      scores = scores.map { $0 < limit ? -.infinity : $0 }
    }
    if topP < 1 {
      // From the least likely up: a token goes while the sum up to it is at most 1 - p; the last one never goes.
      let chances = probabilities(scores, temperature: 1)
      let order = scores.indices.sorted { (chances[$0], $1) < (chances[$1], $0) }
      var sum = 0.0
      for token in order.dropLast() {
        sum += chances[token]
        if sum <= 1 - topP { scores[token] = -.infinity }
      }
    }
    let chances = probabilities(scores, temperature: 1)
    let limit = minP * (chances.max() ?? 0)
    return Set(scores.indices.filter { scores[$0] > -.infinity && chances[$0] >= limit })
  }
}
