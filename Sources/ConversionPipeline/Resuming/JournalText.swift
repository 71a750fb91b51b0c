import FusionCore

/// Forms of numbers and names in a journal.
enum JournalText {
  /// Sixteen hexadecimal digits.
  static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The bits of a double, which text in decimal digits would have to round.
  static func bits(_ value: Double) -> String { hexadecimal(value.bitPattern) }

  /// A number from its digits; `nil` if they are not ``hexadecimal(_:)`` of one.
  static func number(_ text: String) -> UInt64? {
    guard let value = UInt64(text, radix: 16), hexadecimal(value) == text else { return nil }
    return value
  }

  /// Appends a name in quotes and a colon, behind what opens an object or the comma after another member.
  static func append(_ mark: Character, _ name: String, to bytes: inout [UInt8]) {
    bytes += "\(mark)\"\(name)\":".utf8
  }
}
