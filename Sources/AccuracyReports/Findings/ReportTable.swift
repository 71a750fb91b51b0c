/// A small table as text, which each form of the report draws in its own way.
///
/// Cells are not escaped: what they hold may come from files.
struct ReportTable {
  struct Column {
    let title: String
    let isNumeric: Bool
    /// Whether cells are names whose numbers tell them apart.
    var holdsNames = false
    /// Whether the column may be left out where there is no room for it.
    var isOptional = false

    static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }
    static func name(_ title: String) -> Column { Column(title: title, isNumeric: false, holdsNames: true) }
    static func number(_ title: String, isOptional: Bool = false) -> Column {
      Column(title: title, isNumeric: true, isOptional: isOptional)
    }
  }

  let columns: [Column]
  private(set) var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  var isEmpty: Bool { rows.isEmpty }

  mutating func add(_ row: [String]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }
}
