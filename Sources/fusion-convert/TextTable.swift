import FusionCore

/// Rows of text in columns that line up.
struct TextTable {
  /// Side on which a column's text begins.
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(header: [String], alignments: [Alignment]) {
    precondition(header.count == alignments.count, "\(header.count) titles for \(alignments.count) columns")
    self.alignments = alignments
    rows = [header]
  }

  mutating func add(_ row: [String]) {
    precondition(row.count == alignments.count, "\(row.count) cells for \(alignments.count) columns")
    rows.append(row.map(\.escapedForTerminal))
  }

  /// The lines, each indented by two spaces.
  var text: String {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        alignments[column] == .left
          ? row[column].padding(toWidth: widths[column]) : row[column].leftPadding(toWidth: widths[column])
      }
      var line = "  " + cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
