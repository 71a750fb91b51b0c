import AccuracyMetrics

/// The measures of two lists of logits, for tests that state them as arrays.
enum Logits {
  static func divergence(_ reference: [Float], _ candidate: [Float]) -> Double {
    reference.withUnsafeBufferPointer { first in
      candidate.withUnsafeBufferPointer { KullbackLeiblerDivergence.value(reference: first, candidate: $0) }
    }
  }

  static func sameBest(_ reference: [Float], _ candidate: [Float]) -> Bool {
    reference.withUnsafeBufferPointer { first in
      candidate.withUnsafeBufferPointer { TopAgreement.top1(reference: first, candidate: $0) }
    }
  }

  static func overlap(_ reference: [Float], _ candidate: [Float]) -> Double {
    reference.withUnsafeBufferPointer { first in
      candidate.withUnsafeBufferPointer { TopAgreement.top5Overlap(reference: first, candidate: $0) }
    }
  }

  static func logProbabilities(_ logits: [Float]) -> [Double] {
    logits.withUnsafeBufferPointer { TokenDistribution.logProbabilities(of: $0) }
  }

  static func logProbability(of token: Int, in logits: [Float]) -> Double {
    logits.withUnsafeBufferPointer { TokenDistribution.logProbability(of: token, in: $0) }
  }
}
