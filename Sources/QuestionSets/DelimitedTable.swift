import FusionCore

/// Reads a table of text with one character between fields, row by row, without copying a field that is not asked for.
///
/// As RFC 4180 has it, with tabs or commas: a field in quotes may hold the separator, line ends, and quotes that are
/// doubled.
struct DelimitedTable {
  /// Where the content of a field lies, without its quotes.
  struct Field {
    let range: Range<Int>
    let hasDoubledQuotes: Bool
  }

  private let bytes: UnsafeRawBufferPointer
  private let separator: UInt8
  private let file: String
  private var next: Int
  private var line = 1

  init(_ bytes: UnsafeRawBufferPointer, separator: Character, file: String) {
    precondition(separator.asciiValue != nil, "a separator outside of ASCII")
    self.bytes = bytes
    self.separator = separator.asciiValue ?? 0
    self.file = file
    next = bytes.markByteCount
  }

  /// Offset of the row that comes next.
  var offset: Int { next }

  /// The fields of the next row and the place where it starts; `nil` after the last one. Empty lines are no rows.
  ///
  /// - Throws: `.questionsMalformedTable`.
  mutating func nextRow() throws -> (fields: [Field], place: QuestionPlace)? {
    while next < bytes.count, bytes[next] == UInt8(ascii: "\n") || bytes[next] == UInt8(ascii: "\r") {
      if bytes[next] == UInt8(ascii: "\n") { line += 1 }
      next += 1
    }
    guard next < bytes.count else { return nil }
    let place = QuestionPlace(file: file, line: line)
    var fields: [Field] = []
    while true {
      guard fields.count < QuestionLimits.columnCount else {
        throw place.table(expected: "at most \(QuestionLimits.columnCount) columns", found: "more")
      }
      fields.append(try nextField(place))
      guard next < bytes.count else { break }
      let mark = bytes[next]
      next += 1
      if mark == separator { continue }
      if mark == UInt8(ascii: "\r"), next < bytes.count, bytes[next] == UInt8(ascii: "\n") { next += 1 }
      line += 1
      break
    }
    return (fields, place)
  }

  /// The text of a field.
  ///
  /// - Throws: `.questionLineTooLong`, `.questionWrongField` for what is not UTF-8.
  func text(_ field: Field, column: String, _ place: QuestionPlace) throws -> String {
    guard field.range.count <= QuestionLimits.lineByteCount else {
      throw place.tooLong("field \(column)", limit: QuestionLimits.lineByteCount, found: field.range.count)
    }
    guard let text = String(validating: bytes[field.range], as: UTF8.self) else {
      throw place.wrong(column, expected: "UTF-8", found: "other bytes")
    }
    return field.hasDoubledQuotes
      ? text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") : text
  }

  private mutating func nextField(_ place: QuestionPlace) throws -> Field {
    let quote = UInt8(ascii: "\"")
    guard next < bytes.count, bytes[next] == quote else {
      let start = next
      while next < bytes.count, bytes[next] != separator, !isLineEnd(next) {
        next += 1
        try checkLength(from: start, place)
      }
      return Field(range: start..<next, hasDoubledQuotes: false)
    }
    let start = next + 1
    var hasDoubledQuotes = false
    next = start
    while true {
      guard next < bytes.count else { throw place.table(expected: "a closing quote", found: "the end of the file") }
      if bytes[next] == UInt8(ascii: "\n") { line += 1 }
      guard bytes[next] == quote else {
        next += 1
        try checkLength(from: start, place)
        continue
      }
      guard next + 1 < bytes.count, bytes[next + 1] == quote else { break }
      hasDoubledQuotes = true
      next += 2
    }
    let end = next
    next += 1
    guard next == bytes.count || bytes[next] == separator || isLineEnd(next) else {
      throw place.table(expected: "a separator or the end of the line after a closing quote", found: "more text")
    }
    return Field(range: start..<end, hasDoubledQuotes: hasDoubledQuotes)
  }

  /// Refuses a field before all of a file that has no end of a field is read. No field is longer than a picture in base64.
  private func checkLength(from start: Int, _ place: QuestionPlace) throws {
    guard next - start <= QuestionLimits.pictureByteCount else {
      throw place.tooLong("a field", limit: QuestionLimits.pictureByteCount, found: next - start)
    }
  }

  private func isLineEnd(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "\n")
      || bytes[index] == UInt8(ascii: "\r") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
  }
}
