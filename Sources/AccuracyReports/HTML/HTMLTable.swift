import Foundation

/// Tables of a page.
enum HTMLTable {
  /// A small table with a caption; the first column names its rows where `rowsAreNamed`.
  static func plain(
    _ table: ReportTable, caption: String, rowsAreNamed: Bool = true, rowClass: (([String]) -> String)? = nil
  )
    -> Markup
  {
    element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption]) {
      element("table", ["class": "compact"]) {
        element("caption") { caption }
        element("thead") {
          element("tr") {
            for column in table.columns {
              element("th", ["scope": "col", "class": column.isNumeric ? "num" : ""]) { column.title }
            }
          }
        }
        element("tbody") {
          for row in table.rows {
            element("tr", ["class": rowClass?(row) ?? ""]) {
              for (index, cell) in row.enumerated() {
                if index == 0, rowsAreNamed {
                  element("th", ["scope": "row"]) { Markup(name: cell) }
                } else {
                  element("td", ["class": table.columns[index].isNumeric ? "num" : ""]) { split(cell) }
                }
              }
            }
          }
        }
      }
    }
  }

  /// A value with its interval below it.
  @MarkupBuilder private static func split(_ cell: String) -> Markup {
    if cell.hasSuffix("]"), let bracket = cell.range(of: " [") {
      Markup(name: String(cell[..<bracket.lowerBound]))
      element("span", ["class": "interval"]) { Markup(name: " " + cell[cell.index(after: bracket.lowerBound)...]) }
    } else {
      Markup(name: cell)
    }
  }

  /// A heading of a column that can be sorted by once the script runs.
  static func sortable(_ title: String, isNumeric: Bool, hint: String) -> Markup {
    element("th", ["scope": "col", "class": isNumeric ? "num" : "", "title": hint, "data-sort": isNumeric ? "n" : "t"])
    {
      title
    }
  }

  /// A cell with a number to sort by and how it is shown.
  static func number(_ value: Double?, _ text: String) -> Markup {
    element("td", ["class": "num", "data-v": value.map { "\($0)" } ?? ""]) { text }
  }
}
