import FusionCore
import QuestionSets

/// A file of results, read and proven as an evaluation does that goes on with it.
public struct EvaluationResults: Sendable {
  /// Whole answers in it, in the order of the questions.
  public let answerCount: Int
  /// Whether it ends with a whole line; what follows the last one is of an answer that was cut off.
  public let isWhole: Bool
  /// The first line and all whole answers, as they are written.
  public let bytes: [UInt8]

  /// Reads a file whose answers are to certain questions, or to the part of them that its first line names.
  ///
  /// - Throws: `.cannotOpen`; `.evaluationResults`.
  public init(path: String, questions: [Question]) throws {
    let reader = try ResultsReader(path, questions) { try $0.statedShard(file: path) }
    answerCount = reader.lines.count
    isWhole = reader.isWhole
    bytes = (reader.header?.bytes ?? []) + reader.lines.flatMap(\.bytes)
  }
}
