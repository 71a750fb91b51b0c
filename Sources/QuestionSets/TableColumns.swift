import FusionCore

/// The columns of a table by name.
struct TableColumns {
  let names: [String]
  private let places: [String: Int]

  /// Reads the first row.
  ///
  /// - Throws: `.questionsEmpty` if there is none; `.questionsMalformedTable` for a name that is there twice, and what is
  ///   wrong with a field.
  init(_ table: inout DelimitedTable, file: String) throws {
    guard let (fields, place) = try table.nextRow() else {
      throw FusionError(
        .questionsEmpty, "there is no question in the file", file: file, place: "line 1",
        expected: "a row with the names of the columns", found: "nothing", remedy: "name a file with questions")
    }
    var places: [String: Int] = [:]
    names = try fields.map { try table.text($0, column: "of the first row", place).trimmed }
    for (index, name) in names.enumerated() {
      guard places.updateValue(index, forKey: name) == nil else {
        throw place.table(expected: "a name for each column", found: "\(QuestionPlace.shortened(name)) twice")
      }
    }
    self.places = places
  }

  /// The number of a column; `nil` if there is none of that name.
  subscript(name: String) -> Int? { places[name] }

  /// The number of a column that must be there.
  ///
  /// - Throws: `.questionMissingField`.
  func required(_ name: String, _ file: String) throws -> Int {
    guard let place = places[name] else {
      throw QuestionPlace(file: file, line: 1).missing(name, expected: "a column of this name")
    }
    return place
  }
}
