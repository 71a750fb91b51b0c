import ConversionPipeline
import FusionCore

/// What an adapter changed, for people.
struct AdapterText {
  let report: AdapterReport
  let isVerbose: Bool

  /// Tensors that are shown where not all are asked for.
  private static let shownCount = 5

  var text: String {
    var lines = [headline]
    let measured = report.tensors.filter { $0.deltaNorm != nil }
    guard !measured.isEmpty else { return lines.joined(separator: "\n") }
    let sorted = measured.sorted { ($1.relativeDelta ?? 0, $0.name) < ($0.relativeDelta ?? 0, $1.name) }
    let shown = isVerbose ? measured : Array(sorted.prefix(Self.shownCount))
    if shown.count < measured.count {
      lines.append("  The tensors that changed most (all of them with --verbose):")
    }
    var table = TextTable(
      header: ["tensor", "rank", "scaling", "delta", "weights", "ratio", "max delta"],
      alignments: [.left, .right, .right, .right, .right, .right, .right])
    for tensor in shown {
      table.add([
        tensor.name, "\(tensor.rank)", Format.decimal(tensor.scaling, 3), Self.norm(tensor.deltaNorm),
        Self.norm(tensor.weightNorm), Self.percent(tensor.relativeDelta), Self.small(tensor.maxDelta),
      ])
    }
    lines.append(table.text)
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    var text =
      "  adapter   \(report.path.escapedForTerminal): \(report.tensors.count) tensors merged, "
      + "\(report.replaced.count) replaced, \(report.added.count) added"
    if let ratio = report.relativeDelta {
      text += "; together they changed by \(Self.percent(ratio)) of their norm"
    }
    return text
  }

  private static func norm(_ value: Double?) -> String { value.map { Format.decimal($0, 4) } ?? "-" }

  private static func small(_ value: Double?) -> String { value.map { Format.decimal($0, 6) } ?? "-" }

  private static func percent(_ value: Double?) -> String { value.map { "\(Format.decimal($0 * 100, 3)) %" } ?? "-" }
}
