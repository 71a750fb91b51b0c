import FusionCore

/// A piece of a page in which only what this program wrote is markup: text and values of attributes are escaped on the
/// way in, and names of elements and attributes cannot come from data.
struct Markup {
  private(set) var html = ""

  /// Nothing.
  init() {}

  /// Text for people: control characters are made visible, line ends and scripts of any direction stay.
  init(text: String) { html = Self.escaped(text.proseEscapedForTerminal) }

  /// A name from a file: invisible marks are made visible too.
  init(name: String) { html = Self.escaped(name.escapedForTerminal) }

  /// A dotted name that may be broken into lines after its dots.
  init(breakable name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { Markup(name: String($0)).html }
    html = parts.joined(separator: ".<wbr>")
  }

  /// Markup, style or script from the source code of this program.
  init(trusted: StaticString) { html = trusted.description }

  /// An element with attributes.
  init(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: Markup) {
    html = "<\(name)"
    for (key, value) in attributes { html += " \(key)=\"\(Self.escaped(value.proseEscapedForTerminal))\"" }
    html += ">"
    guard !Self.voidNames.contains(name.description) else { return }
    html += content.html
    html += "</\(name)>"
  }

  mutating func append(_ other: Markup) { html += other.html }

  private static let voidNames: Set<String> = ["meta", "img", "input", "wbr"]

  private static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Joins pieces of a page that are written one under the other.
@resultBuilder
enum MarkupBuilder {
  static func buildExpression(_ markup: Markup) -> Markup { markup }
  static func buildExpression(_ text: String) -> Markup { Markup(text: text) }
  static func buildBlock(_ parts: Markup...) -> Markup { join(parts) }
  static func buildOptional(_ part: Markup?) -> Markup { part ?? Markup() }
  static func buildEither(first: Markup) -> Markup { first }
  static func buildEither(second: Markup) -> Markup { second }
  static func buildArray(_ parts: [Markup]) -> Markup { join(parts) }

  private static func join(_ parts: [Markup]) -> Markup {
    var result = Markup()
    for part in parts { result.append(part) }
    return result
  }
}

/// An element with what stands in it.
func element(
  _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
  @MarkupBuilder _ content: () -> Markup = { Markup() }
) -> Markup {
  Markup(name, attributes, content())
}
