import FusionCore
import ImagePreprocessing
import QuestionSets
import SyntheticData

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

  /// Pixels along a side of a generated picture: what `synth qa` draws.
  private static let side = 256

  private let options: ComparisonOptions
  private let hasVision: Bool

  /// - Parameter hasVision: whether the models see pictures; the others get text alone.
  init(_ options: ComparisonOptions, hasVision: Bool) {
    self.options = options
    self.hasVision = hasVision
  }

  /// Samples with a picture, then those of text alone.
  ///
  /// - Throws: what is wrong with the data; `.noSamples`.
  func samples() throws -> Samples {
    let all = try options.dataPath.map { try read($0) } ?? generate()
    let pictures = hasVision ? all.samples.filter { $0.picture != nil }.prefix(options.imageSampleLimit) : []
    let texts = all.samples.filter { $0.picture == nil }.prefix(options.textSampleLimit)
    guard !pictures.isEmpty || !texts.isEmpty else {
      throw FusionError(
        .noSamples, "there is nothing to compare the models on", file: options.dataPath,
        expected: hasVision ? "questions, with or without a picture" : "questions without a picture, for a text model",
        found: "none", remedy: "raise --samples or --text-samples, or give another --data")
    }
    return Samples(samples: Array(pictures) + Array(texts), origin: all.origin, seed: all.seed)
  }

  /// What `synth qa` makes of the seed: each question with its picture, and the descriptions of further scenes as text.
  private func generate() -> Samples {
    let sampler = SceneSampler(seed: options.seed)
    let painter = ScenePainter(side: Self.side)
    var pictures: [ComparisonSample] = []
    var number = 0
    while hasVision, pictures.count < options.imageSampleLimit {
      let scene = sampler.picture(number)
      let image = RGBImage(width: Self.side, height: Self.side, bytes: painter.samples(of: scene.scene))
      let picture = PictureInput.encoded(PNGWriter.encode(image), name: "picture \(number)")
      for (index, question) in scene.questions.enumerated() {
        pictures.append(ComparisonSample(question: Question(question, "\(number)-\(index)"), picture: picture))
      }
      number += 1
    }
    let texts = (0..<options.textSampleLimit).map { index in
      ComparisonSample(
        question: Question(
          identifier: "text-\(index)", text: sampler.picture(number + index).description, answers: [], kind: .long))
    }
    return Samples(
      samples: Array(pictures.prefix(options.imageSampleLimit)) + texts, origin: "generated", seed: options.seed)
  }

  private func read(_ path: String) throws -> Samples {
    let set = try QuestionSet(path: path)
    let folder = options.imagesPath ?? set.folder
    func hasPicture(_ question: Question) -> Bool { question.image != nil || question.embeddedImage != nil }
    let chosen =
      set.questions.filter(hasPicture).prefix(options.imageSampleLimit)
      + set.questions.filter { !hasPicture($0) }.prefix(options.textSampleLimit)
    return Samples(
      samples: try chosen.map { question in
        ComparisonSample(question: question, picture: try set.picture(of: question, folder: folder))
      }, origin: path)
  }
}

extension Question {
  /// A generated question.
  init(_ question: SceneQuestion, _ identifier: String) {
    self.init(
      identifier: identifier, text: question.text, answers: question.answers, category: question.category.rawValue,
      kind: QuestionKind(rawValue: question.form.rawValue) ?? .short)
  }
}

extension FusionError.Code {
  /// A comparison without samples.
  public static let noSamples = Self("diff.noSamples", .usage)
}
