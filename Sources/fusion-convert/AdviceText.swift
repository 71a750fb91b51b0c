import ConversionPipeline
import FusionCore

/// Ways to convert a checkpoint side by side, for people.
struct AdviceText {
  let report: AdviceReport
  /// What every row's command has besides the row's own options, each after a space.
  let commonOptions: String

  var text: String {
    var lines =
      [
        "Ways to convert \(report.input.escapedForTerminal) (\(report.family), \(Format.count(report.weightCount)) weights,"
          + " \(Format.bytes(report.inputBytes))), least disk first",
        "", table, "",
        "  SQNR       of the outputs of linear layers, from errors of weights and \(basis)",
      ] + predictionLines
    if let data = report.data {
      lines.append("  measured   the same divergence, of these conversions on \(data.escapedForTerminal)")
    }
    if report.rows.contains(where: \.isBeaten) {
      lines.append(
        "  beaten     by a row that takes no more disk and diverges no more; it may still take the least memory")
    }
    lines += report.notices.map { "  note      \($0.escapedForTerminal)" }
    lines.append(
      "  took       \(Format.duration(report.wallSeconds)), peak memory \(Format.bytes(report.peakResidentBytes))")
    lines += [""] + advice
    lines += [
      "",
      "OPTIONS are those of a row: fusion-convert convert \(report.input.escapedForTerminal) \(report.output.escapedForTerminal) OPTIONS"
        + commonOptions,
    ]
    return lines.joined(separator: "\n")
  }

  /// A row as soon as it is known, before the table.
  static func line(_ row: AdviceRow) -> String {
    let divergence =
      row.measuredDivergence.map { ", measured \(Format.significant($0, 3)) nats" }
      ?? (row.relativeOutputError > 0 ? ", predicted ~\(Format.significant(row.predictedDivergence, 2)) nats" : "")
    return "\(row.options): \(Format.bytes(row.storedByteCount)) on disk, "
      + "\(Format.decimal(row.storedBitsPerWeight, 2)) bits per weight\(divergence)"
  }

  private var predictionLines: [String] {
    guard let probe = report.probe else {
      return [
        "  predicted  mean KL divergence of the next token in nats, as a small language model has it; this one was not",
        "             tried, so compare rows with each other",
      ]
    }
    let samples = [(probe.imageSampleCount, "with an image"), (probe.textSampleCount, "of text")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return [
      "  predicted  mean KL divergence of the next token in nats, from the error and what this model makes of it:",
      "             \(Format.significant(probe.divergence, 3)) with \(probe.options), on \(probe.data.escapedForTerminal)"
        + " (\(samples)); good to a factor of 2",
    ]
  }

  private var table: String {
    let isMeasured = report.data != nil
    var table = TextTable(
      header: ["options", "on disk", "bits/weight", "in memory", "SQNR", "predicted"]
        + (isMeasured ? ["measured", "time"] : ["time, estimated"]) + [""],
      alignments: [.left] + Array(repeating: .right, count: isMeasured ? 7 : 6) + [.left])
    for row in report.rows {
      table.add(
        [
          row.options, Format.bytes(row.storedByteCount), Format.decimal(row.storedBitsPerWeight, 2),
          Format.bytes(row.residentByteCount), Format.decibels(row.outputSqnrDecibels), predicted(row),
        ] + (isMeasured ? [row.measuredDivergence.map { Format.significant($0, 3) } ?? "?"] : [])
          + [Format.duration(row.seconds), row.isBeaten ? "beaten" : ""])
    }
    return table.text
  }

  private func predicted(_ row: AdviceRow) -> String {
    row.relativeOutputError > 0 ? "~\(Format.significant(row.predictedDivergence, 2))" : "0"
  }

  private var basis: String {
    switch report.inputBasis {
    case .weights: "sizes of columns that stand in for inputs"
    case .squares: "squares of inputs"
    case .products: "products of inputs"
    }
  }

  private var advice: [String] {
    (report.data == nil && report.advice.leastDisk != nil
      ? ["by prediction; --measure DATA converts and measures every row"] : [])
      + [
        ("least disk at about the quality of int4", report.advice.leastDisk),
        ("least memory", report.advice.leastMemory),
        ("best quality short of keep", report.advice.bestQuality),
      ].compactMap { aim, options in
        options.map { "\(aim):".padding(toWidth: Self.aimWidth) + $0 }
      }
  }

  private static let aimWidth = 42
}
