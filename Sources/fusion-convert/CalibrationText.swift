import ConversionPipeline
import FusionCore

/// What a calibration wrote, for people.
struct CalibrationText {
  let report: CalibrationReport

  var text: String {
    let tokens =
      "\(Format.count(report.languageTokenCount)) words"
      + (report.visionTokenCount > 0
        ? ", \(Format.count(report.visionTokenCount)) patches and latents that count"
          + " \(Format.decimal(report.visionWeight / report.languageWeight, 4)) of a word each" : "")
    var lines = [
      "Wrote statistics of \(report.siteCount) inputs of \(report.weightCount) weights"
        + "\(report.isFull ? ", with products" : "") to \(report.output.escapedForTerminal),"
        + " \(Format.bytes(report.byteCount))",
      "  model     \(report.model.escapedForTerminal)",
      "  data      \(report.data.escapedForTerminal): \(report.sampleCount) samples, \(report.pictureCount) with a picture",
      "  tokens    \(tokens)",
      "  took      \(Format.duration(report.wallSeconds)), peak memory \(Format.bytes(report.peakMemoryByteCount))",
    ]
    lines += report.notices.map { "  note      \($0.escapedForTerminal)" }
    return lines.joined(separator: "\n")
  }
}
