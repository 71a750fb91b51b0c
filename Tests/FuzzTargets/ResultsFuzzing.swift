import ConversionPipeline
import FusionCore
import QuestionSets

/// A file of results of `eval`: whole answers are the file, byte by byte, and are read again.
enum ResultsFuzzing {
  private static let questions = [
    Question(identifier: "1", text: "Is it?", answers: ["yes"], kind: .yesNo),
    Question(identifier: "b\"2\n", text: "Which?", answers: ["(B)"], kind: .choice, options: ["one", "two"]),
    Question(identifier: "3", text: "How many?", answers: ["two"], kind: .short),
    Question(
      identifier: "4", text: "What?", answers: ["a", "a", "b", "a", "c", "b", "a", "a", "d", "a"], kind: .short),
    Question(identifier: "5", text: "Why?", answers: [], kind: .long),
  ]

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let contents = Array(bytes)
    let results = try ScratchFile.with(contents, "results.jsonl") {
      try EvaluationResults(path: $0, questions: questions)
    }
    try FuzzFinding.require(results.answerCount <= questions.count, "\(results.answerCount) answers")
    // The first line may be written in other words, the answers may not.
    let lines = results.bytes.split(separator: UInt8(ascii: "\n"))
    let given = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    try FuzzFinding.require(
      zip(lines.dropFirst(), given.dropFirst()).allSatisfy { $0 == $1 }, "an answer changed by being read")
    let again = try FuzzFinding.accepting("what would be written") {
      try ScratchFile.with(results.bytes, "written.jsonl") { try EvaluationResults(path: $0, questions: questions) }
    }
    try FuzzFinding.require(
      again.bytes == results.bytes && again.isWhole && again.answerCount == results.answerCount,
      "the results changed by being written")
  }
}
