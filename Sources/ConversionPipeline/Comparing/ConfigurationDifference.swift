/// The first field in which two parts of a configuration differ, for people.
struct ConfigurationDifference {
  /// Characters of a value that are shown.
  private static let shownCount = 80

  /// The field as config.json has it, or as near to that as the name of a property is; empty for values without fields.
  let field: String
  let first: String
  let second: String

  /// - Returns: `nil` if the values are equal.
  init?<Value: Equatable>(_ a: Value, _ b: Value) {
    guard a != b else { return nil }
    let fields = (Self.fields(of: a), Self.fields(of: b))
    let x = Dictionary(fields.0, uniquingKeysWith: { first, _ in first })
    let y = Dictionary(fields.1, uniquingKeysWith: { first, _ in first })
    let name = (fields.0 + fields.1).map(\.name).first { x[$0] != y[$0] }
    field = name ?? ""
    first = Self.shown(name.map { x[$0] ?? "nothing" } ?? "\(a)")
    second = Self.shown(name.map { y[$0] ?? "nothing" } ?? "\(b)")
  }

  /// All fields down to the innermost, with dots between names, and their values as texts.
  private static func fields(of value: Any, _ name: String = "") -> [(name: String, value: String)] {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { fields(of: $0.value, name) } ?? [(name, "nothing")]
    case .struct where mirror.children.contains { $0.label?.hasPrefix("_") == false }:
      return mirror.children.flatMap { fields(of: $0.value, joined(name, snakeCase($0.label ?? ""))) }
    case .enum where !mirror.children.isEmpty:
      return mirror.children.flatMap { fields(of: $0.value, joined(name, snakeCase($0.label ?? ""))) }
    case .collection where !mirror.children.isEmpty:
      return mirror.children.enumerated().flatMap { fields(of: $1.value, "\(name)[\($0)]") }
    default: return [(name, "\(value)")]
    }
  }

  private static func joined(_ name: String, _ member: String) -> String { name.isEmpty ? member : "\(name).\(member)" }

  private static func shown(_ text: String) -> String {
    text.count > shownCount ? "\(text.prefix(shownCount))..." : text
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
  }
}
