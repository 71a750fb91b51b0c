import FusionCore
import QuestionSets

/// One answer in a file of results.
struct ResultsLine: Equatable {
  /// Longest line that is read: an answer of more tokens than any context has.
  static let largestByteCount = 4 << 20

  /// Number of the question among those that are asked, from 0.
  let index: Int
  let identifier: String
  let category: String
  let question: String
  /// What would be right; several where people gave several answers.
  let rightAnswers: [String]
  let answer: String
  /// `nil` for a question that is not judged.
  let score: Double?
  /// The same by a lenient reading.
  let lenientScore: Double?
  /// Tokens of the answer, with the end token if one came.
  let tokenCount: Int
  /// Why the answer ended: `endToken` or `length`.
  let stop: String

  init(index: Int, _ question: Question, answer: String, tokenCount: Int, stop: String) {
    self.index = index
    identifier = question.identifier
    category = question.category
    self.question = question.text
    rightAnswers = question.answers
    self.answer = answer
    let judgement = AnswerJudge.judge(question, answer: answer)
    score = judgement?.score
    lenientScore = judgement?.lenientScore
    self.tokenCount = tokenCount
    self.stop = stop
  }

  /// The line with its end.
  var bytes: [UInt8] {
    var bytes = Array("{\"index\":\(index),\"id\":".utf8)
    StrictJSONText.appendQuoted(identifier, to: &bytes)
    for (name, text) in [("category", category), ("question", question)] {
      bytes += ",\"\(name)\":".utf8
      StrictJSONText.appendQuoted(text, to: &bytes)
    }
    bytes += ",\"right\":[".utf8
    for (number, text) in rightAnswers.enumerated() {
      if number > 0 { bytes.append(UInt8(ascii: ",")) }
      StrictJSONText.appendQuoted(text, to: &bytes)
    }
    bytes += "],\"answer\":".utf8
    StrictJSONText.appendQuoted(answer, to: &bytes)
    bytes += ",\"score\":\(Self.text(score)),\"lenientScore\":\(Self.text(lenientScore))".utf8
    bytes += ",\"tokens\":\(tokenCount),\"stop\":".utf8
    StrictJSONText.appendQuoted(stop, to: &bytes)
    return bytes + Array("}\n".utf8)
  }

  private static func text(_ score: Double?) -> String { score.map { "\($0)" } ?? "null" }

  /// Reads the line of a question, and proves that it is what would be written for its answer.
  ///
  /// - Parameter number: of the line, for errors.
  /// - Throws: `.evaluationResults`.
  static func read(
    _ line: UnsafeRawBufferPointer, index: Int, _ question: Question, file: String, number: Int
  ) throws -> ResultsLine {
    let fields = try fields(line, file, number)
    guard fields.identifier == question.identifier else {
      throw FusionError.evaluationResults(
        file, line: number, expected: "the answer to question \(question.identifier)",
        found: fields.identifier.map { "question \($0)" } ?? "no id")
    }
    let result = ResultsLine(
      index: index, question, answer: fields.answer, tokenCount: fields.tokenCount, stop: fields.stop)
    guard result.bytes.dropLast().elementsEqual(line) else {
      throw FusionError.evaluationResults(
        file, line: number, expected: String(decoding: result.bytes.dropLast().prefix(200), as: UTF8.self),
        found: String(decoding: line.prefix(200), as: UTF8.self))
    }
    return result
  }

  private static func fields(
    _ line: UnsafeRawBufferPointer, _ file: String, _ number: Int
  ) throws -> (identifier: String?, answer: String, tokenCount: Int, stop: String) {
    guard line.count <= largestByteCount else {
      throw FusionError.evaluationResults(
        file, line: number, expected: "at most \(largestByteCount) bytes", found: "\(line.count) bytes")
    }
    var (identifier, answer, tokenCount, stop) = (String?.none, "", 0, "")
    do {
      var scanner = try StrictJSONScanner(line, maximumDepth: 2)
      try scanner.beginObject()
      while let name = try scanner.nextKey() {
        switch name {
        case "id": identifier = try scanner.string()
        case "answer": answer = try scanner.string()
        case "tokens": tokenCount = Int(clamping: try scanner.unsignedInteger())
        case "stop": stop = try scanner.string()
        default: try scanner.skipValue()
        }
      }
      try scanner.finish()
    } catch let error as FusionError {
      throw FusionError.evaluationResults(
        file, line: number, expected: "an answer as JSON", found: error.found ?? error.summary)
    }
    return (identifier, answer, tokenCount, stop)
  }
}
