import FusionRuntime
import TestSupport

/// Tokens drawn from fixed logits.
enum Draws {
  static func one(_ logits: [Float], _ options: SamplingOptions, history: [Int] = []) throws -> Int {
    var sampler = TokenSampler(options: options)
    return try logits.withUnsafeBufferPointer { try sampler.next(logits: $0, history: history) }
  }

  static func many(_ count: Int, _ logits: [Float], _ options: SamplingOptions) throws -> [Int] {
    var sampler = TokenSampler(options: options)
    return try logits.withUnsafeBufferPointer { buffer in
      try (0..<count).map { _ in try sampler.next(logits: buffer, history: []) }
    }
  }

  /// Logits from about -6 to 6, bell-shaped.
  static func randomLogits(count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1.5...1.5, using: &generator) }
    }
  }
}
