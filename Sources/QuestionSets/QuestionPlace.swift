import FusionCore

/// A line of a question file, for the errors in it.
struct QuestionPlace {
  let file: String
  /// Counted from 1; of a record of several lines the first.
  let line: Int

  func missing(_ field: String, expected: String) -> FusionError {
    FusionError(
      .questionMissingField, "a question lacks a field", file: file, place: "line \(line), field \(field)",
      expected: expected, found: "no such field", remedy: "add \(field) to the question in line \(line)")
  }

  func wrong(_ field: String, expected: String, found: String) -> FusionError {
    FusionError(
      .questionWrongField, "a field of a question is not what it should be", file: file,
      place: "line \(line), field \(field)", expected: expected, found: QuestionPlace.shortened(found),
      remedy: "correct \(field) in line \(line)")
  }

  func tooLong(_ what: String, limit: Int, found: Int) -> FusionError {
    // Reading stops soon after the limit.
    let isCut = found <= limit + 2
    return FusionError(
      .questionLineTooLong, "a question file has an entry that is too long", file: file,
      place: "line \(line), \(what)", expected: "at most \(limit) bytes",
      found: "\(found) bytes\(isCut ? " or more" : "")",
      remedy: "shorten line \(line), or take it out")
  }

  /// Refuses a JSON document that is too large before it is read.
  ///
  /// - Throws: `.questionLineTooLong`.
  static func checkDocument(_ text: UnsafeRawBufferPointer, _ file: String) throws {
    guard text.count <= QuestionLimits.documentByteCount else {
      throw FusionError(
        .questionLineTooLong, "a question file is too large", file: file,
        expected: "at most \(QuestionLimits.documentByteCount) bytes in one JSON document",
        found: "\(text.count) bytes", remedy: "give a file of questions, or split it")
    }
  }

  func table(expected: String, found: String) -> FusionError {
    FusionError(
      .questionsMalformedTable, "a row of the table does not fit its columns", file: file, place: "line \(line)",
      expected: expected, found: found, remedy: "write the table with a program that quotes its fields")
  }

  func duplicate(_ identifier: String, firstLine: Int) -> FusionError {
    FusionError(
      .questionDuplicate, "two questions have the same name", file: file, place: "line \(line), field question_id",
      expected: "a name that no other question has",
      found: "\(QuestionPlace.shortened(identifier)), as in line \(firstLine)",
      remedy: "give the question in line \(line) another question_id, or take it out")
  }

  var tooManyQuestions: FusionError {
    FusionError(
      .questionsTooMany, "there are too many questions in the file", file: file, place: "line \(line)",
      expected: "at most \(QuestionLimits.questionCount) questions", found: "more", remedy: "split the file")
  }

  /// The error of a JSON reader, said of this line.
  func json(_ error: FusionError) -> FusionError {
    var copy = error
    copy.file = file
    copy.place = "line \(line)" + (error.place.map { ", \($0)" } ?? "")
    copy.remedy = "correct line \(line), or take it out"
    return copy
  }

  /// What an error quotes of a file: enough to find it.
  static func shortened(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(60)
    return start.endIndex == text.unicodeScalars.endIndex ? text : String(start) + "…"
  }
}
