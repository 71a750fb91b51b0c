import AccuracyReports
import WeightGraph

/// What two models are compared on: questions, or windows of a text.
struct ComparisonSource {
  /// Samples, and where they are from.
  struct Samples {
    var samples: [MeasuredSample]
    /// Path of the file, or that they were generated.
    var origin: String
    /// Of generated ones.
    var seed: UInt64?
    /// Tokens of a window of text; `nil` for questions.
    var windowLength: Int?

    /// The questions among them, in their order.
    var questions: [ComparisonSample] {
      samples.compactMap { sample in
        if case .question(let question) = sample { question } else { nil }
      }
    }

    /// What a report says of them.
    func summary(positionCount: Int) -> DataSummary {
      let pictureCount = samples.filter(\.hasPicture).count
      return DataSummary(
        source: origin, seed: seed, imageSampleCount: pictureCount, textSampleCount: samples.count - pictureCount,
        windowLength: windowLength, positionCount: positionCount)
    }
  }

  let options: ComparisonOptions
  /// The reference, whose tokens both models read.
  let runner: ModelRunner

  /// Reads the data.
  ///
  /// - Throws: what is wrong with it; `.noSamples`, `.comparisonOption`.
  func samples() throws -> Samples {
    let configuration = runner.model.configuration
    try options.check(longest: configuration.language.maxPositionEmbeddings)
    guard let path = options.textPath else {
      let source = try SampleSource(options, hasVision: configuration.family.hasVision).samples()
      return Samples(
        samples: source.samples.map(MeasuredSample.question), origin: source.origin, seed: source.seed)
    }
    let text = TextWindows(
      path, length: options.contextLength, limit: options.windowLimit, for: .comparison, runner)
    return Samples(
      samples: try text.windows().map(MeasuredSample.text), origin: path, windowLength: text.length)
  }
}
