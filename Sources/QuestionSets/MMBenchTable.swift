import FusionCore

/// The table of MMBench: one question to a row, with the picture in base64.
///
/// Columns: `index`, `question`, `A` and `B`, and if there are such `C` to `H`, `hint`, `answer`, `category`, `image`. The
/// rows of the circular test, which ask a question again with its options moved, have the same index but for a multiple
/// of a million; they become one group. An `image` that is a number stands for the picture of that row.
enum MMBenchTable {
  private static let letters = ["A", "B", "C", "D", "E", "F", "G", "H"]
  private static let shiftOfIndex = 1_000_000
  /// Longest field that can be the number of a row instead of a picture.
  private static let longestIndex = 16

  static func read(_ bytes: UnsafeRawBufferPointer, _ file: String, _ collector: inout QuestionCollector) throws {
    var table = DelimitedTable(bytes, separator: "\t", file: file)
    let columns = try TableColumns(&table, file: file)
    for name in ["index", "question", "A", "B"] { _ = try columns.required(name, file) }
    var pictures: [String: Range<Int>] = [:]
    var groups: [Int: Int] = [:]
    var rows: [(Question, QuestionPlace)] = []
    while let (fields, place) = try table.nextRow() {
      guard fields.count == columns.names.count else {
        throw place.table(expected: "\(columns.names.count) columns", found: "\(fields.count)")
      }
      func text(_ name: String) throws -> String {
        guard let column = columns[name] else { return "" }
        let text = try table.text(fields[column], column: name, place).trimmed
        return text == "nan" ? "" : text
      }
      let name = try text("index")
      guard let index = Int(name), index >= 0 else {
        throw place.wrong("index", expected: "a number", found: name)
      }
      var question = try self.question(index, text, place)
      if let column = columns["image"] {
        question.embeddedImage = try picture(fields[column], bytes, index: name, &pictures, place)
      }
      groups[index % shiftOfIndex, default: 0] += 1
      guard rows.count < QuestionLimits.questionCount else { throw place.tooManyQuestions }
      rows.append((question, place))
    }
    for (question, place) in rows {
      var question = question
      if let group = question.group.flatMap(Int.init), groups[group, default: 0] < 2 { question.group = nil }
      try collector.add(question, place)
    }
  }

  private static func question(
    _ index: Int, _ text: (String) throws -> String, _ place: QuestionPlace
  ) throws -> Question {
    let asked = try text("question")
    guard !asked.isEmpty else { throw place.wrong("question", expected: "a text", found: "an empty field") }
    let options = try letters.map(text).prefix { !$0.isEmpty }
    guard options.count >= 2 else {
      throw place.wrong("B", expected: "two options at least", found: "\(options.count)")
    }
    let hint = try text("hint")
    let lines = (hint.isEmpty ? [] : [hint]) + [asked] + zip(letters, options).map { "\($0). \($1)" }
    let answer = try text("answer")
    let question = Question(
      identifier: "\(index)", text: QuestionText.withLetterRequest(lines.joined(separator: "\n")),
      answers: answer.isEmpty ? [] : [answer], category: try place.checkedName(try text("category"), field: "category"),
      kind: .choice, options: Array(options), group: "\(index % shiftOfIndex)")
    try QuestionChecks.check(question, place, field: "answer")
    return question
  }

  private static func picture(
    _ field: DelimitedTable.Field, _ bytes: UnsafeRawBufferPointer, index: String,
    _ pictures: inout [String: Range<Int>], _ place: QuestionPlace
  ) throws -> Range<Int>? {
    guard field.range.count <= QuestionLimits.pictureByteCount else {
      throw place.tooLong("field image", limit: QuestionLimits.pictureByteCount, found: field.range.count)
    }
    if field.range.isEmpty { return nil }
    guard field.range.count <= longestIndex else {
      pictures[index] = field.range
      return field.range
    }
    let name = String(decoding: bytes[field.range], as: UTF8.self).trimmed
    guard let range = pictures[name] else {
      throw place.wrong("image", expected: "a picture in base64, or the index of an earlier row", found: name)
    }
    return range
  }
}
