import AccuracyReports

/// How fast a model answers, over several questions.
struct AnswerSpeed {
  private var visionSeconds = 0.0
  private var pictureCount = 0
  private var prefillSeconds = 0.0
  private var positionCount = 0
  private var decodeSeconds = 0.0
  private var tokenCount = 0

  /// Resident memory before the model was loaded: what the comparison itself holds is not the model's.
  private let startByteCount = ProcessMemory.beginPeak()

  /// Adds a run of one question.
  mutating func add(_ report: RunReport, hasPicture: Bool) {
    visionSeconds += report.timings.vision
    pictureCount += hasPicture ? 1 : 0
    prefillSeconds += report.timings.prefill
    positionCount += report.promptTokens
    decodeSeconds += report.timings.decode
    // The first token comes from the prefill.
    tokenCount += report.tokens.count - 1
  }

  /// Writes the figures into a report, with the memory that was taken since this value was made.
  func fill(_ side: inout ModelSide, loadSeconds: Double) {
    side.loadSeconds = loadSeconds
    side.visionSeconds = pictureCount > 0 ? visionSeconds / Double(pictureCount) : nil
    side.prefillTokensPerSecond = prefillSeconds > 0 ? Double(positionCount) / prefillSeconds : nil
    side.decodeTokensPerSecond = decodeSeconds > 0 && tokenCount > 0 ? Double(tokenCount) / decodeSeconds : nil
    if let start = startByteCount, let peak = ProcessMemory.peakSinceBeginning {
      side.peakMemoryByteCount = max(0, peak - start)
    }
  }
}
