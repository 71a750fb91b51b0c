import ConversionPipeline
import FusionCore

/// A layout for people.
struct InspectionText {
  let report: InspectionReport
  let isTree: Bool
  let hasStatistics: Bool

  var text: String {
    var lines = [headline]
    lines += fileLines
    lines.append("")
    lines.append(isTree ? NameTree(tensors: report.tensors).text : hasStatistics ? statisticsTable : table)
    lines.append("")
    for alias in report.aliases { lines.append("  tied      \(alias.canonicalName) is \(alias.target)") }
    if let provenance = report.provenance {
      lines.append(
        "  made by   \(provenance.producer.escapedForTerminal) from \(provenance.sourceKind.escapedForTerminal)")
      lines.append("  recipe    \(provenance.recipe.escapedForTerminal)")
      for fallback in provenance.fallbacks {
        lines.append("  fallback  \(fallback.tensor.escapedForTerminal): \(fallback.reason.escapedForTerminal)")
      }
    }
    for notice in report.notices {
      let text = notice.split(separator: "\n").map { String($0).escapedForTerminal }
      lines.append("  note      " + text.joined(separator: "\n            "))
    }
    if let codesLine { lines.append(codesLine) }
    lines.append(totals)
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let what = report.kind == "fusion" ? "container" : "\(report.kind) checkpoint"
    return "\(report.path.escapedForTerminal): \(what), \(report.family ?? "family unknown")"
  }

  /// Weight files one by one; the small files inside a container in one line.
  private var fileLines: [String] {
    let weights = report.kind == "fusion" ? Array(report.files.prefix(1)) : report.files
    let inside = report.files.dropFirst(weights.count)
    var lines = weights.map { "  file      \($0.name.escapedForTerminal)  \(Format.bytes($0.byteCount))" }
    if !inside.isEmpty {
      lines.append("  inside    " + inside.map(\.name.escapedForTerminal).joined(separator: ", "))
    }
    return lines
  }

  private var totals: String {
    let totals = report.totals
    var text =
      "  total     \(totals.tensorCount) tensors, \(Format.count(totals.weightCount)) weights,"
      + " \(Format.bytes(totals.tensorByteCount)), \(Format.decimal(totals.storedBitsPerWeight, 3)) bits a weight stored,"
      + " \(Format.decimal(totals.residentBitsPerWeight, 3)) resident"
    if let sqnr = totals.sqnrDecibels { text += ", SQNR \(Format.decibels(sqnr))" }
    return text
  }

  /// What compression makes of the codes of all tensors, beside what it could at best make of each code alone.
  private var codesLine: String? {
    let coded = report.tensors.compactMap { tensor in
      tensor.statistics?.codes.map { (codes: $0, count: Double(tensor.shape.reduce(1, *))) }
    }
    let count = coded.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let stored = coded.reduce(0) { $0 + $1.codes.storedBits * $1.count } / count
    let entropy = coded.reduce(0) { $0 + $1.codes.entropyBits * $1.count } / count
    return "  codes     \(Format.decimal(stored, 3)) bits stored, \(Format.decimal(entropy, 3)) order-0 entropy,"
      + " \(Format.decimal(stored - entropy, 3)) between them"
  }

  private var table: String {
    var table = TextTable(
      header: ["name", "role", "shape", "dtype", "scheme", "bits", "bytes"],
      alignments: [.left, .left, .right, .left, .left, .right, .right])
    for tensor in report.tensors {
      table.add([
        tensor.canonicalName ?? tensor.name, tensor.role ?? "?",
        tensor.shape.map(String.init).joined(separator: "x"), tensor.dtype, tensor.scheme,
        Format.decimal(tensor.storedBits, 2), Format.bytes(tensor.byteCount),
      ])
    }
    return table.text
  }

  private var statisticsTable: String {
    var table = TextTable(
      header: [
        "name", "scheme", "min", "max", "mean", "std", "NaN", "Inf", "outliers", "SQNR", "code bits", "entropy",
      ],
      alignments: [.left, .left] + Array(repeating: .right, count: 10))
    for tensor in report.tensors {
      let name = tensor.canonicalName ?? tensor.name
      guard let statistics = tensor.statistics else {
        table.add([name, tensor.scheme] + Array(repeating: "-", count: 10))
        continue
      }
      table.add([
        name, tensor.scheme, Format.decimal(statistics.minimum, 4), Format.decimal(statistics.maximum, 4),
        Format.decimal(statistics.mean, 5), Format.decimal(statistics.standardDeviation, 5), "\(statistics.nanCount)",
        "\(statistics.infinityCount)", "\(statistics.outlierCount)", Format.decibels(statistics.sqnrDecibels),
        statistics.codes.map { Format.decimal($0.storedBits, 3) } ?? "-",
        statistics.codes.map { Format.decimal($0.entropyBits, 3) } ?? "-",
      ])
    }
    return table.text
  }
}
