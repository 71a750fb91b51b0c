import FusionCore

/// The table of MMVP: two questions to a pair of pictures that look alike to a vision tower.
///
/// Columns: `Index`, `Question`, `Options` as `(a) Open (b) Closed`, `Correct Answer` as `(a)`. The picture is
/// `Index.jpg`; rows 1 and 2 are a pair, then 3 and 4.
enum MMVPTable {
  static func read(_ bytes: UnsafeRawBufferPointer, _ file: String, _ collector: inout QuestionCollector) throws {
    var table = DelimitedTable(bytes, separator: ",", file: file)
    let columns = try TableColumns(&table, file: file)
    let numbers = try ["Index", "Question", "Options", "Correct Answer"].map { try columns.required($0, file) }
    while let (fields, place) = try table.nextRow() {
      guard fields.count == columns.names.count else {
        throw place.table(expected: "\(columns.names.count) columns", found: "\(fields.count)")
      }
      let texts = try numbers.map { try table.text(fields[$0], column: columns.names[$0], place).trimmed }
      try collector.add(try question(texts, place), place)
    }
  }

  private static func question(_ texts: [String], _ place: QuestionPlace) throws -> Question {
    guard let index = Int(texts[0]), index >= 1 else {
      throw place.wrong("Index", expected: "a number from 1", found: texts[0])
    }
    guard !texts[1].isEmpty else { throw place.wrong("Question", expected: "a text", found: "an empty field") }
    let options = OptionList.parse(texts[2])
    guard options.count >= 2 else {
      throw place.wrong("Options", expected: "two options, as (a) Open (b) Closed", found: texts[2])
    }
    guard !texts[3].isEmpty else { throw place.wrong("Correct Answer", expected: "a letter", found: "an empty field") }
    let question = Question(
      identifier: "\(index)", image: "\(index).jpg",
      text: QuestionText.withLetterRequest("\(texts[1])\n\(texts[2])"), answers: [texts[3]], kind: .choice,
      options: options, group: "\((index - 1) / 2 + 1)")
    try QuestionChecks.check(question, place, field: "Correct Answer")
    return question
  }
}
