import FusionCore
import QuestionSets
import WeightGraph

/// Where the samples of a calibration come from.
struct CalibrationSource {
  /// Samples, those with a picture first, and what they are.
  struct Samples {
    var samples: [MeasuredSample]
    /// Name of the file, or the word for generated data.
    var origin: String
    /// SHA-256 of the questions or of the text file.
    var digest: String
  }

  private let options: CalibrationOptions
  private let runner: ModelRunner

  init(_ options: CalibrationOptions, _ runner: ModelRunner) {
    self.options = options
    self.runner = runner
  }

  /// Reads the data.
  ///
  /// - Throws: what is wrong with it; `.calibrationWithoutSamples`.
  func samples() throws -> Samples {
    switch options.data {
    case .generated: try generated()
    case .questions(let path): try questions(path)
    case .text(let path):
      Samples(
        samples: try windows(path).map(MeasuredSample.text),
        origin: Self.name(path), digest: try EvaluationDigest.ofFile(path))
    }
  }

  private func windows(_ path: String) throws -> [[Int]] {
    try TextWindows(path, length: options.contextLength, limit: options.sampleLimit, for: .calibration, runner)
      .windows()
  }

  private var hasVision: Bool { runner.model.configuration.family.hasVision }

  private func generated() throws -> Samples {
    var comparison = options.comparison
    // Mostly pictures, and enough words without one that the language model is not seen beside pictures alone.
    let textCount = hasVision ? options.sampleLimit / 4 : options.sampleLimit
    comparison.textSampleLimit = textCount
    comparison.imageSampleLimit = options.sampleLimit - textCount
    let samples = try SampleSource(comparison, hasVision: hasVision).samples().samples
    return Samples(
      samples: samples.map(MeasuredSample.question), origin: CalibrationData.generatedWord,
      digest: EvaluationDigest.of(samples.map(\.question)))
  }

  private func questions(_ path: String) throws -> Samples {
    let set = try QuestionSet(path: path)
    let folder = options.imagesPath ?? set.folder
    func hasPicture(_ question: Question) -> Bool { question.image != nil || question.embeddedImage != nil }
    // A model without a tower reads what needs none.
    let chosen = set.questions.filter { hasVision || !hasPicture($0) }.prefix(options.sampleLimit)
    guard !chosen.isEmpty else {
      throw FusionError(
        .calibrationWithoutSamples, "there is nothing to calibrate the model on", file: path,
        expected: "questions without a picture, for a text model", found: "none", remedy: "give other data")
    }
    let ordered = chosen.filter(hasPicture) + chosen.filter { !hasPicture($0) }
    for question in ordered { try set.checkPicture(of: question, folder: folder) }
    return Samples(
      samples: try ordered.map {
        .question(ComparisonSample(question: $0, picture: try set.picture(of: $0, folder: folder)))
      }, origin: Self.name(path), digest: EvaluationDigest.of(ordered))
  }

  /// The last component: where a file lay says nothing about what it is.
  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension FusionError.Code {
  /// Data that gives a model nothing to read.
  public static let calibrationWithoutSamples = Self("calibration.noSamples", .usage)
}
