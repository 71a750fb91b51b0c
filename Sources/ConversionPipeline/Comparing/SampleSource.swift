import FusionCore
import QuestionSets

/// Where the samples of a comparison come from.
struct SampleSource {
  /// Samples, and where they are from.
  struct Samples {
    var samples: [ComparisonSample]
    /// Path of the file, or that they were generated.
    var origin: String
    /// Of generated ones.
    var seed: UInt64?
  }

  private let options: ComparisonOptions
  private let hasVision: Bool

  init(_ options: ComparisonOptions, hasVision: Bool) {
    self.options = options
    self.hasVision = hasVision
  }

  func samples() throws -> Samples {
    Samples(samples: [
      ComparisonSample(question: Question(identifier: "1", text: "What is this?", answers: ["A cat."], kind: .short), imagePath: nil)
    ], origin: "generated", seed: options.seed)
  }
}
