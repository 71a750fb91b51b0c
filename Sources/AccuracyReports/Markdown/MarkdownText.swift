import FusionCore

/// Text in a form that Markdown shows as it is.
enum MarkdownText {
  /// A text on one line in which nothing is markup.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.onOneLine {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "#", "|", "~", "!", "@", "$", "{", "}": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
    // A scheme would become a link by itself.
    return result.replacing("://", with: ":\\//")
  }

  /// A text in which only code between backquotes is markup.
  static func sentence(_ text: String) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { index, part in index % 2 == 1 ? code(String(part)) : outer(part) }.joined()
  }

  private static func outer(_ part: Substring) -> String {
    let text = escaped(String(part))
    guard !text.isEmpty else { return part.isEmpty ? "" : " " }
    return (part.first?.isWhitespace == true ? " " : "") + text + (part.last?.isWhitespace == true ? " " : "")
  }

  /// A name as code; a backquote in it is fenced by a longer run of them.
  static func code(_ text: String) -> String {
    let line = text.onOneLine
    let fence = String(repeating: "`", count: longestRun(line) + 1)
    return line.contains("`") || line.isEmpty ? "\(fence) \(line) \(fence)" : fence + line + fence
  }

  /// Lines as a block of code.
  static func block(_ text: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(text) + 1))
    return "\(fence)\n\(text.proseEscapedForTerminal.trimmingNewlines)\n\(fence)"
  }

  /// A table; an empty one is nothing.
  static func table(_ table: ReportTable) -> String {
    guard !table.isEmpty else { return "" }
    let rows =
      [table.columns.map { escaped($0.title) }, table.columns.map { $0.isNumeric ? "---:" : "---" }]
      + table.rows.map { $0.map(escaped) }
    return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func longestRun(_ text: String) -> Int {
    var longest = 0
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}

extension String {
  /// This text without line ends at its end.
  fileprivate var trimmingNewlines: String {
    var copy = self
    while copy.last?.isNewline == true { copy.removeLast() }
    return copy
  }
}
