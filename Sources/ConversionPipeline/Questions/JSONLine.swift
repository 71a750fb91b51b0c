/// One JSON value on one line, its fields in the order in which they are added.
///
/// Foundation's encoder sorts fields or leaves their order open, and files that people read by eye and compare by
/// bytes want neither.
struct JSONLine {
  /// The text so far.
  private(set) var text: String

  /// A string, with the escapes that JSON asks for.
  init(_ string: String) {
    text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// A whole number.
  init(_ number: Int) { text = String(number) }

  /// True or false.
  init(_ flag: Bool) { text = flag ? "true" : "false" }

  /// A list.
  init(_ elements: [JSONLine]) { text = "[" + elements.map(\.text).joined(separator: ", ") + "]" }

  /// An object; a field without a value is left out.
  init(_ fields: [(name: String, value: JSONLine?)]) {
    let parts = fields.compactMap { field in field.value.map { JSONLine(field.name).text + ": " + $0.text } }
    text = "{" + parts.joined(separator: ", ") + "}"
  }
}
