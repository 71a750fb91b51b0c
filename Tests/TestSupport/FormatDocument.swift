import Foundation

/// A document of `formats/`, whose tables tests hold against the code.
public struct FormatDocument: Sendable {
  /// The whole document.
  public let text: String
  /// Its lines, without their ends.
  public let lines: [String]

  /// What a test expected in the document.
  public struct Missing: Error, CustomStringConvertible {
    /// What is missing.
    public let description: String
  }

  /// - Parameter name: the file's name, such as `container.md`.
  public init(_ name: String) throws {
    text = try String(contentsOfFile: "\(Fixtures.repository)/formats/\(name)", encoding: .utf8)
    lines = text.components(separatedBy: "\n")
  }

  /// Rows of the first table under a heading, without the row of titles; cells without the spaces around them and
  /// without backquotes.
  ///
  /// - Parameter heading: the whole line, such as `### Tensors`.
  public func rows(under heading: String) throws -> [[String]] {
    guard let start = lines.firstIndex(of: heading) else { throw Missing(description: "no heading \(heading)") }
    let section = lines[(start + 1)...].prefix { !$0.hasPrefix("#") }
    let table = section.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
    guard table.count > 2 else { throw Missing(description: "no table under \(heading)") }
    return table.dropFirst(2).map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map { $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "") }
    }
  }

  /// First cells of those rows.
  public func names(under heading: String) throws -> [String] { try rows(under: heading).compactMap(\.first) }
}
