extension TerminalReport {
  var header: [String] {
    let title = "Accuracy of a candidate against its reference"
    let version = report.programVersion.onOneLine.truncated(toColumns: max(1, width - title.columnCount - 2))
    let room = width - title.columnCount - version.columnCount
    let gap = version.isEmpty ? "" : String(repeating: " ", count: max(2, room))
    var grid = TextGrid([.left, .left, .left])
    for (label, side) in [("reference", report.reference), ("candidate", report.candidate)] {
      let schemes = ReportFormat.schemes(side).onOneLine
      let about = [side.family.onOneLine, side.format.onOneLine, schemes].filter { !$0.isEmpty }
        .joined(separator: ", ").truncated(toColumns: width - 46)
      grid.add(["  " + label, side.path.onOneLine.middleTruncated(toColumns: 30), about])
    }
    return [style.bold(title) + gap + style.faint(version)] + grid.lines
      + paragraph(ReportFormat.data(report.data), indent: 13, first: "  data       ")
  }

  var verdict: [String] {
    let kinds = ReportFormat.kinds(report.verdict)
    return [
      style.bold("VERDICT  ") + style.graded(ReportFormat.grade(report.verdict.grade), report.verdict.grade)
        + (kinds.isEmpty ? "" : "  (\(kinds))")
    ]
      + paragraph(report.verdict.sentence)
      + (report.verdict.grade == .unmeasured
        ? [] : ReportFormat.scale.flatMap { paragraph($0) }.map(style.faint))
  }

  var gate: [String] {
    guard let gate = report.gate else { return [] }
    let failedCount = gate.results.count { !$0.passed }
    let outcome =
      gate.passed
      ? style.good("passed") : style.bad("failed") + ": \(failedCount) of \(gate.results.count) limits are missed"
    let preset = gate.preset.map { " (preset \($0.onOneLine.truncated(toColumns: 20)))" } ?? ""
    return [style.bold("GATE") + preset + "  " + outcome]
      + drawn(findings.gateTable) { row, line in
        switch row[0] {
        case "failed": style.bad(line)
        case "passed": style.good(line)
        default: style.faint(line)
        }
      }
  }

  var advice: [String] {
    let lines = findings.advice.flatMap { paragraph($0, indent: 4, first: "  - ") }
    let elapsed = report.elapsedSeconds.map { "the comparison took \(ReportFormat.seconds($0))" } ?? ""
    return [heading("WHAT TO DO NEXT")] + lines + (elapsed.isEmpty ? [] : ["", style.faint("  " + elapsed)])
  }
}
