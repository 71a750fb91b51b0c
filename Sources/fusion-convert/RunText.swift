import ConversionPipeline
import FusionCore

/// The figures of a run, for people.
struct RunText {
  let report: RunReport
  let isVerbose: Bool

  var text: String {
    var lines = [
      "\(report.model.escapedForTerminal): \(report.family), weights \(report.weights), activations \(report.activations)"
        + (report.keyValueCache == "float32" ? "" : ", keys and values \(report.keyValueCache)"),
      "  tokenizer \(report.tokenizer)",
      "  prompt    \(report.promptTokens) positions" + picture,
      "  answer    \(report.tokens.count) tokens, \(report.turns.last?.stop == "length" ? "cut at --max-tokens or the end of the context" : "ended")",
      "  took      load \(Format.duration(report.timings.load)), vision \(Format.duration(report.timings.vision)), "
        + "prefill \(Format.duration(report.timings.prefill)) (\(rate(report.prefillTokensPerSecond))), "
        + "decode \(Format.duration(report.timings.decode)) (\(rate(report.tokensPerSecond)))",
      "  memory    peak \(Format.bytes(report.peakMemoryByteCount)), \(report.threads) threads (\(report.instructionSet))",
    ]
    lines += report.notices.map { "note: \($0.escapedForTerminal)" }
    if isVerbose { lines += report.turns.map { "  ids       " + $0.tokens.map(String.init).joined(separator: " ") } }
    return lines.joined(separator: "\n")
  }

  private var picture: String {
    guard let latents = report.queryLength else { return "" }
    return (report.imageTokens.map { ", \($0) of the picture" } ?? ", no picture") + ", \(latents) latents a turn"
  }

  private func rate(_ value: Double) -> String { value > 0 ? "\(Format.decimal(value, 1)) tokens/s" : "-" }
}
