import ConversionPipeline
import FusionCore

/// What a trace wrote, for people.
struct TraceText {
  let report: TraceReport

  var text: String {
    var lines = [
      "Traced \(report.model.escapedForTerminal) to \(report.output.escapedForTerminal): \(report.tensorCount) tensors, \(Format.bytes(report.byteCount))",
      "  tokenizer \(report.tokenizer)",
      "  prompt    \(report.promptTokens) positions",
      "  answer    \(report.tokens.count) tokens: \(report.text.escapedForTerminal)",
    ]
    if let losses = report.losses {
      var terms = ["language \(Format.decimal(losses.language, 4))"]
      if let instruction = losses.instruction { terms.append("instruct \(Format.decimal(instruction, 4))") }
      if let vision = losses.vision { terms.append("vision \(Format.decimal(vision, 4))") }
      lines.append("  losses    " + terms.joined(separator: ", ") + ", total \(Format.decimal(losses.total, 4))")
    }
    lines.append(
      "  took      \(Format.duration(report.wallSeconds)), peak memory \(Format.bytes(report.peakMemoryByteCount))")
    return lines.joined(separator: "\n")
  }
}
