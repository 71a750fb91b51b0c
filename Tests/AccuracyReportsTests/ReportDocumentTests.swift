import AccuracyReports
import Foundation
import Testing

/// The document and the code say the same, in both directions.
struct ReportDocumentTests {
  private let document: ReportDocument

  init() throws { document = try ReportDocument() }

  @Test func theTableOfMetricsListsAllOfThem() {
    let rows = document.rows("3. The gate")
    #expect(rows.map { $0[0] } == GateQuantity.allCases.map(\.rawValue))
    #expect(rows.map { $0[1] } == GateQuantity.allCases.map { $0.hasScopes ? "yes" : "no" })
  }

  @Test func theTableOfPresetsHasTheirLimits() throws {
    let rows = document.rows("Presets")
    let presets: [GatePreset] = [.strict, .normal]
    for (column, preset) in presets.enumerated() {
      #expect(rows.map { $0[0] } == preset.limits.map(\.metric.name))
      #expect(rows.map { Double($0[column + 1]) } == preset.limits.map(\.limit))
      #expect(rows.map { $0[3] } == preset.limits.map { $0.isRequired ? "yes" : "no" })
    }
    #expect(GatePreset.allCases == presets)
  }

  @Test func theTableOfGradesListsAllOfThem() {
    #expect(Set(document.rows("The verdict").map { $0[0] }) == Set(VerdictGrade.allCases.map(\.rawValue)))
  }

  @Test func theFullReportHasEveryFieldOfTheSchemaAndNoOther() throws {
    var report = SampleReport.full()
    report.gate?.results[0].reason = "a note"
    report.data.windowLength = 512
    let value = try JSONSerialization.jsonObject(with: Data(JSONReport.encode(report).utf8))
    var seen: Set<String> = []
    try check(value, "Report", "report", &seen)
    let start = try #require(document.tables.keys.contains("Report") ? "Report" : nil)
    var objects: Set<String> = [start]
    for rows in document.tables.values {
      for row in rows where row.count == 3 {
        let type = row[1].replacing("list of ", with: "").replacing(", may be missing", with: "")
        if document.tables[type] != nil { objects.insert(type) }
      }
    }
    let specified = objects.flatMap { object in document.rows(object).map { "\(object).\($0[0])" } }
    #expect(seen == Set(specified))
  }

  @Test func theSmallestReportLacksOnlyWhatMayBeMissing() throws {
    let value = try JSONSerialization.jsonObject(with: Data(JSONReport.encode(SampleReport.minimal()).utf8))
    var seen: Set<String> = []
    try check(value, "Report", "report", &seen)
    let needed = document.rows("Report").filter { !$0[1].hasSuffix("may be missing") }.map { "Report.\($0[0])" }
    #expect(seen.isSuperset(of: needed))
    #expect(!seen.contains("Report.gate"))
  }

  /// Compares a value with what the document says of a type, and notes the fields that were there.
  private func check(_ value: Any, _ type: String, _ place: String, _ seen: inout Set<String>) throws {
    if type.hasPrefix("list of ") {
      for (index, item) in try #require(value as? [Any], "\(place) is no list").enumerated() {
        try check(item, String(type.dropFirst("list of ".count)), "\(place)[\(index)]", &seen)
      }
      return
    }
    switch type {
    case "string": #expect(value is String, "\(place)")
    case "boolean": #expect(value is Bool, "\(place)")
    case "integer": #expect(value is Int, "\(place)")
    case "number":
      #expect(value is Double || ["NaN", "Infinity", "-Infinity"].contains(value as? String ?? ""), "\(place)")
    default:
      let object = try #require(value as? [String: Any], "\(place) is no object")
      let rows = document.rows(type)
      #expect(!rows.isEmpty, "the document has no object named \(type)")
      for row in rows {
        let isOptional = row[1].hasSuffix(", may be missing")
        guard let field = object[row[0]] else {
          #expect(isOptional, "\(place).\(row[0]) is missing")
          continue
        }
        seen.insert("\(type).\(row[0])")
        try check(field, row[1].replacing(", may be missing", with: ""), "\(place).\(row[0])", &seen)
      }
      #expect(Set(object.keys).subtracting(rows.map { $0[0] }).isEmpty, "\(place) has fields that are not specified")
    }
  }
}
