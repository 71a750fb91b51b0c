import FusionCore
import QuestionSets
import TestSupport
import Testing

/// Question files of a test, written to a folder of their own.
enum QuestionFile {
  /// Reads a text as a question file.
  static func read(
    _ text: String, _ format: QuestionFormat? = nil, answers: String? = nil
  ) throws -> QuestionSet {
    let folder = try TemporaryFolder()
    let answersPath = try answers.map { try folder.write("answers.json", text: $0) }
    return try QuestionSet(
      path: try folder.write("questions", text: text), format: format, answersPath: answersPath)
  }

  /// The error that reading bytes as a question file gives.
  static func error(_ bytes: [UInt8], _ format: QuestionFormat? = nil) throws -> FusionError? {
    let folder = try TemporaryFolder()
    let path = try folder.write("questions", bytes)
    let error = #expect(throws: FusionError.self) { try QuestionSet(path: path, format: format) }
    if let file = error?.file { #expect(file == path) }
    return error
  }
}
