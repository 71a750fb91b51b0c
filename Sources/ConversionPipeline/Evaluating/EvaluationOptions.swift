import FusionCore
import QuestionSets

/// What is to be evaluated, and how.
public struct EvaluationOptions: Sendable {
  /// The question file, or the folder of MME.
  public var dataPath: String
  /// Answers that a benchmark publishes apart from its questions.
  public var answersPath: String?
  /// Form of the questions; `nil` to tell it from the content.
  public var format: QuestionFormat?
  /// Folder that the pictures are in; `nil` for the folder of the question file, or the folder of MME itself.
  public var imagesPath: String?
  /// Only the first questions, before they are shared out; `nil` for all.
  public var limit: Int?
  /// The part of the questions that is answered here.
  public var shard = EvaluationShard.whole
  /// Most tokens of an answer.
  public var maximumTokenCount = 16
  /// What every question is asked with: system prompt, template, latents; its questions and picture are not used.
  public var request = RunRequest(questions: [])
  /// How the model is held and what it computes with.
  public var settings = RunSettings()
  /// Where the results go; `nil` to report only.
  public var outputPath: String?
  /// Whether an output that is there is gone on with.
  public var resumes = false

  /// Options with the standard values.
  public init(dataPath: String) { self.dataPath = dataPath }

  /// The form of a name that a user gave.
  ///
  /// - Throws: `.evaluationOption`.
  public static func format(named name: String) throws -> QuestionFormat {
    guard let format = QuestionFormat(rawValue: name) else {
      throw FusionError.evaluationOption(
        "--format", expected: QuestionFormat.allCases.map(\.rawValue).joined(separator: ", "), found: name)
    }
    return format
  }

  /// Refuses what contradicts itself.
  ///
  /// - Throws: `.evaluationOption`.
  func check() throws {
    if let limit, limit < 1 {
      throw FusionError.evaluationOption("--limit", expected: "at least 1", found: "\(limit)")
    }
    guard maximumTokenCount >= 1 else {
      throw FusionError.evaluationOption("--max-tokens", expected: "at least 1", found: "\(maximumTokenCount)")
    }
    guard !resumes || outputPath != nil else {
      throw FusionError.evaluationOption("--resume", expected: "--output with the results so far", found: "no --output")
    }
  }
}
