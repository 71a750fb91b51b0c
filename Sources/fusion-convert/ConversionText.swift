import ConversionPipeline
import FusionCore

/// A conversion's report for people.
struct ConversionText {
  let report: ConversionReport
  let isVerbose: Bool
  /// What the source was put together with, for the command that is proposed next.
  let sourceOptions: String

  var text: String {
    var lines = [headline, ""]
    lines.append(planTable)
    lines += partLines
    lines.append("")
    lines.append(sizeLine)
    if let sqnr = report.sqnrDecibels {
      lines.append("  error     SQNR \(Format.decibels(sqnr)) over all weights")
    }
    if let sqnr = report.inputSqnrDecibels {
      lines.append(
        "            SQNR \(Format.decibels(sqnr)) of the outputs, weighted with the inputs: what the method keeps small"
      )
    }
    if report.verification.performed {
      lines.append(
        "  verified  \(report.verification.chunkCount) chunks of \(report.verification.tensorCount) tensors read back:"
          + " checksums hold, \(equality)")
    } else if !report.dryRun {
      lines.append("  verified  no (--no-verify)")
    }
    if let resumption = report.resumption {
      let all = report.plan.reduce(0) { $0 + $1.tensorCount }
      lines.append(
        "  resumed   \(resumption.tensorCount) of \(all) tensors taken over (\(Format.bytes(resumption.byteCount)))")
    }
    if !report.dryRun {
      let speed = report.wallSeconds > 0 ? Double(report.weightCount) / report.wallSeconds : 0
      lines.append(
        "  took      \(Format.duration(report.wallSeconds)), \(Format.count(Int(speed))) weights/s,"
          + " \(report.threads) threads (\(report.instructionSet)), peak memory \(Format.bytes(report.peakResidentBytes))"
      )
    }
    if let adapter = report.adapter { lines.append(AdapterText(report: adapter, isVerbose: isVerbose).text) }
    for fallback in report.fallbacks {
      lines.append(
        "  fallback  \(fallback.tensor.escapedForTerminal): \(fallback.requested) not possible (\(fallback.reason)),"
          + " stored as \(fallback.used)")
    }
    for warning in report.warnings { lines.append("  warning   \(warning.escapedForTerminal)") }
    for notice in report.notices { lines.append("  note      \(notice.escapedForTerminal)") }
    lines += ["", next]
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let verb = report.dryRun ? "Would convert" : "Converted"
    return "\(verb) \(report.input.escapedForTerminal) (\(report.family), \(Format.count(report.weightCount)) weights)"
      + " to \(report.output.escapedForTerminal) as \(scheme)"
  }

  /// With several schemes, the bits that they come to.
  private var scheme: String {
    guard report.scheme == "mixed" else { return report.scheme }
    return "mixed, \(Format.decimal(report.storedBitsPerWeight, 2)) bits per weight"
  }

  /// What the comparison with the source has shown.
  private var equality: String {
    guard report.sqnrDecibels != nil else { return "every weight equal, bit for bit" }
    let clipped = Format.decimal(report.verification.clippedShare * 100, 2)
    guard let deviation = report.verification.largestDeviation else {
      return "every weight at its nearest code (\(clipped) % clipped)"
    }
    return "every weight within \(Format.decimal(deviation, 2)) steps of its code (\(clipped) % clipped)"
  }

  private var planTable: String {
    // What methods with statistics keep small stands beside the error of the weights alone.
    let isWeighted = report.plan.contains { $0.inputSqnrDecibels != nil }
    var table = TextTable(
      header: ["role", "stored as", "tensors", "weights", "source", "stored", isWeighted ? "SQNR weights" : "SQNR"]
        + (isWeighted ? ["outputs"] : []) + ["why"],
      alignments: [.left, .left] + Array(repeating: .right, count: isWeighted ? 6 : 5) + [.left])
    for line in report.plan {
      table.add(
        [
          line.role, line.scheme, "\(line.tensorCount)", Format.count(line.weightCount),
          Format.bytes(line.sourceByteCount), line.storedByteCount.map(Format.bytes) ?? "-",
          Format.decibels(line.sqnrDecibels),
        ] + (isWeighted ? [Format.decibels(line.inputSqnrDecibels)] : []) + [line.reason])
    }
    return table.text
  }

  /// The parts that got their bits by what they suffer: all of them, or the most and the least sensitive.
  private var partLines: [String] {
    guard let parts = report.parts?.sorted(by: { ($0.bits, $1.name) > ($1.bits, $0.name) }), let most = parts.first,
      let least = parts.last
    else { return [] }
    guard isVerbose else {
      return [
        "  measured  \(parts.count) parts: \(Format.decimal(most.bits, 2)) bits for \(most.name) to"
          + " \(Format.decimal(least.bits, 2)) for \(least.name)"
      ]
    }
    var table = TextTable(
      header: ["part", "tensors", "divergence alone", "bits"], alignments: [.left, .right, .right, .right])
    for part in parts {
      table.add([
        part.name, "\(part.tensorCount)", Format.decimal(part.divergence, 6), Format.decimal(part.bits, 3),
      ])
    }
    return [table.text]
  }

  private var sizeLine: String {
    let ratio = report.outputBytes > 0 ? Double(report.inputBytes) / Double(report.outputBytes) : 0
    let about = report.outputBytesExact ? "" : "about "
    return "  size      \(Format.bytes(report.inputBytes)) -> \(about)\(Format.bytes(report.outputBytes))"
      + " (\(Format.decimal(ratio, 2)) times smaller), \(Format.decimal(report.storedBitsPerWeight, 3)) bits a weight"
      + " stored, \(Format.decimal(report.residentBitsPerWeight, 3)) resident"
  }

  private var next: String {
    report.dryRun
      ? "Nothing was written. Leave out --dry-run to convert."
      : "Next: fusion-convert inspect \(report.output.escapedForTerminal)   or"
        + "   fusion-convert verify \(report.output.escapedForTerminal) --source \(report.input.escapedForTerminal)\(sourceOptions)"
  }
}
