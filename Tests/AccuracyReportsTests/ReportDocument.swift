import Foundation
import TestSupport

/// Tables of `formats/report.md`.
struct ReportDocument {
  /// Rows of the first table below each heading, cells without backquotes; the title row comes first.
  let tables: [String: [[String]]]

  init() throws {
    let text = try String(contentsOfFile: "\(Fixtures.repository)/formats/report.md", encoding: .utf8)
    var tables: [String: [[String]]] = [:]
    var heading = ""
    var isDone: Set<String> = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") {
        heading = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
      } else if line.hasPrefix("|"), !isDone.contains(heading) {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !line.hasPrefix("|--") else { continue }
        tables[heading, default: []].append(cells.map { $0.replacing("`", with: "") })
      } else if tables[heading] != nil {
        isDone.insert(heading)
      }
    }
    self.tables = tables
  }

  /// Rows of the table below a heading, without the row of titles.
  func rows(_ heading: String) -> [[String]] { Array((tables[heading] ?? []).dropFirst()) }
}
