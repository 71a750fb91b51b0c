import ConversionPipeline
import FusionCore

/// The classes and functions of a file for people.
struct GlobalsText {
  let report: GlobalsReport

  var text: String {
    var lines: [String] = []
    for pickle in report.pickles {
      lines.append("\(pickle.file.escapedForTerminal): \(pickle.place.escapedForTerminal)")
      if pickle.globals.isEmpty {
        lines.append("  names no class or function")
      } else {
        var table = TextTable(
          header: ["class or function", "verdict", "count", "offset", "why"],
          alignments: [.left, .left, .right, .right, .left])
        for global in pickle.globals {
          table.add([
            global.name, global.verdict, "\(global.count)", "\(global.offset)", global.reason ?? "",
          ])
        }
        lines.append(table.text)
      }
      if let defect = pickle.defect { lines.append("  broken    \(defect.escapedForTerminal)") }
      lines.append("")
    }
    for defect in report.defects { lines.append(defect) }
    lines.append(verdict)
    return lines.joined(separator: "\n")
  }

  private var verdict: String {
    if report.hasForbidden {
      return
        "Nothing was called. A file that names what is forbidden is not one of weights: do not load it with Python."
    }
    if !report.isComplete { return "Nothing was called. Not everything could be looked at: do not trust this file." }
    return report.pickles.isEmpty ? "No pickle was found." : "Nothing was called, and nothing forbidden is named."
  }
}
