import Foundation
import TestSupport

/// Tables of `formats/runtime.md`.
enum RuntimeDocument {
  enum Defect: Error {
    case noTable(String)
  }

  /// Rows of the table under a heading, without backquotes; never none.
  static func rows(of heading: String) throws -> [[String]] {
    let text = try String(contentsOfFile: "\(Fixtures.repository)/formats/runtime.md", encoding: .utf8)
    let lines = text.components(separatedBy: "\n")
    let start = lines.firstIndex { $0.hasPrefix("#") && $0.hasSuffix(heading) }
    let below = start.map { lines[($0 + 1)...].prefix { !$0.hasPrefix("#") } } ?? []
    let rows = below.filter { $0.hasPrefix("| `") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "") }
    }
    guard !rows.isEmpty else { throw Defect.noTable(heading) }
    return rows
  }
}
