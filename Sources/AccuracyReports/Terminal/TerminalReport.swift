/// The report for a terminal: the most important first, in at most 100 columns.
public struct TerminalReport {
  let findings: ReportFindings
  let style: TerminalStyle
  let width: Int

  /// Prepares a report for printing.
  ///
  /// - Parameters:
  ///   - report: what to print.
  ///   - color: whether to use colours and bold text; without them there is no escape sequence at all.
  ///   - width: columns of the terminal; 60 to 100 are used.
  public init(_ report: DiffReport, color: Bool = false, width: Int = 100) {
    findings = ReportFindings(report)
    style = TerminalStyle(color: color)
    self.width = min(100, max(60, width))
  }

  /// The whole report, ending with a line feed.
  public var text: String {
    let sections = [
      header, verdict, gate, predictions, histogram, errorEntry, tensors, mapping, answers, sensitivity, sizes, advice,
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  var report: DiffReport { findings.report }

  /// A heading with a remark after it.
  func heading(_ title: String, _ remark: String = "") -> String {
    let room = width - title.columnCount - 2
    guard !remark.isEmpty, room > 10 else { return style.bold(title) }
    return style.bold(title) + "  " + style.faint(remark.onOneLine.truncated(toColumns: room))
  }

  /// Text of several lines with spaces before each.
  func paragraph(_ text: String, indent: Int = 2, first: String? = nil) -> [String] {
    text.onOneLine.wrapped(toColumns: width - indent).enumerated().map { index, line in
      var whole = (index == 0 ? first : nil) ?? String(repeating: " ", count: indent)
      whole += line
      while whole.hasSuffix(" ") { whole.removeLast() }
      return whole
    }
  }

  /// A table, indented; if it is too wide, columns that may be left out are, and then the widest column gives way.
  func drawn(_ table: ReportTable, paint: (_ row: [String], _ line: String) -> String = { $1 }) -> [String] {
    guard !table.isEmpty else { return [] }
    let whole = [table.columns.map(\.title)] + table.rows.map { $0.map(\.onOneLine) }
    let wholeWidths = table.columns.indices.map { column in whole.map { $0[column].columnCount }.max() ?? 0 }
    var shown = Array(table.columns.indices)
    while shown.reduce(2 * shown.count, { $0 + wholeWidths[$1] }) > width,
      let last = shown.lastIndex(where: { table.columns[$0].isOptional })
    {
      shown.remove(at: last)
    }
    var rows = whole.map { row in shown.map { row[$0] } }
    var widths = shown.map { wholeWidths[$0] }
    let columns = shown.indices
    let room = width - 2 - 2 * (shown.count - 1)
    while widths.reduce(0, +) > room, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
      let others = widths.reduce(0, +) - widths[widest]
      let second = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      widths[widest] = max(4, min(widths[widest] - 1, max(room - others, second)))
    }
    for row in rows.indices {
      for column in columns {
        let (cell, room, kind) = (rows[row][column], widths[column], table.columns[shown[column]])
        rows[row][column] =
          kind.isNumeric
          ? cell.truncated(toColumns: room)
          : kind.holdsNames ? cell.nameTruncated(toColumns: room) : cell.middleTruncated(toColumns: room)
      }
    }
    var grid = TextGrid(shown.map { table.columns[$0].isNumeric ? .right : .left })
    for row in rows { grid.add(row) }
    return grid.lines.enumerated().map { index, line in
      "  " + (index == 0 ? style.faint(line) : paint(rows[index], line))
    }
  }
}
