/// A value of a configuration file, rendered as the Python programs that publish checkpoints write it: keys in order,
/// two spaces a level, floats always with a point or an exponent.
enum ConfigurationValue: Sendable, Hashable {
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  /// Letters of ASCII without quotes, backslashes or control characters.
  case string(String)
  case list([ConfigurationValue])
  case object([String: ConfigurationValue])

  /// The UTF-8 bytes of a file that holds this value, with a line feed at the end.
  var fileBytes: [UInt8] { Array((rendered(indentation: "") + "\n").utf8) }

  private func rendered(indentation: String) -> String {
    let inner = indentation + "  "
    switch self {
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .float(let value): return value.description
    case .string(let value): return ConfigurationValue.quoted(value)
    case .list(let values):
      guard !values.isEmpty else { return "[]" }
      let lines = values.map { inner + $0.rendered(indentation: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let fields):
      guard !fields.isEmpty else { return "{}" }
      let lines = fields.sorted { $0.key < $1.key }.map { key, value in
        "\(inner)\(ConfigurationValue.quoted(key)): \(value.rendered(indentation: inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }

  private static func quoted(_ text: String) -> String {
    precondition(
      text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }, "\(text) needs escapes")
    return "\"\(text)\""
  }
}

extension ConfigurationValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  init(booleanLiteral value: Bool) { self = .boolean(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(floatLiteral value: Double) { self = .float(value) }
  init(stringLiteral value: String) { self = .string(value) }
}
