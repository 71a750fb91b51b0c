/// Rows of cells in columns that line up on a terminal.
struct TextGrid {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ alignments: [Alignment]) { self.alignments = alignments }

  mutating func add(_ row: [String]) {
    precondition(row.count == alignments.count, "\(row.count) cells for \(alignments.count) columns")
    rows.append(row)
  }

  /// The lines, without spaces at their ends. A column that is too wide for the line is the caller's to shorten.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].columnCount }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        alignments[column] == .left
          ? row[column].padded(toColumns: widths[column]) : row[column].leftPadded(toColumns: widths[column])
      }
      var line = cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
