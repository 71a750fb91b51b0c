import Foundation
import TestSupport
import Testing

/// Question files for the tests of `eval`, and what it does with them.
enum EvalFiles {
  static let source = Fixtures.path("fusion-phi-tiny")

  /// Questions with and without picture, of every kind and in two categories.
  static let questions = """
    {"question_id": 1, "image": "image1.png", "text": "What colour is it?", "answer": "red", "category": "colour"}
    {"question_id": 2, "image": "image3.jpg", "text": "Is it red?", "answer": "no", "category": "colour"}
    {"question_id": 3, "text": "Which one?\\n(A) one\\n(B) two", "answer": "(B)", "category": "words"}
    {"question_id": "four", "text": "Name a prime number.", "answer": "seven", "category": "words"}
    {"question_id": 5, "text": "Tell a story.", "type": "long", "category": "words"}

    """

  /// Questions without pictures, which take next to no time.
  static let short = """
    {"question_id": 1, "text": "Hello", "answer": "yes"}
    {"question_id": 2, "text": "Name a \\"prime\\" number.", "answer": "no"}
    {"question_id": 3, "text": "Count: one, two", "answer": "yes"}

    """

  /// A folder with `questions.jsonl`.
  static func folder(_ text: String = questions) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("questions.jsonl", text: text)
    return folder
  }

  /// Arguments that ask these questions.
  static func arguments(_ more: [String] = []) -> [String] {
    ["eval", source, "--data", "questions.jsonl", "--images", Fixtures.path("images"), "--max-tokens", "6"] + more
  }

  /// Runs `eval` and expects it to be done.
  static func run(
    _ more: [String] = [], in folder: TemporaryFolder, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CommandRunner.Outcome {
    let outcome = try CommandRunner.run(arguments(more), in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Bytes of a file of the folder.
  static func bytes(_ name: String, in folder: TemporaryFolder) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }

  /// The answers of a file of results.
  static func results(_ name: String, in folder: TemporaryFolder) throws -> [[String: Any]] {
    try bytes(name, in: folder).split(separator: UInt8(ascii: "\n")).dropFirst().map {
      try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] ?? [:]
    }
  }
}
