extension ReportFormat {
  /// An interval in brackets: `[0.011, 0.014]`; empty where there is none.
  static func interval(_ estimate: ReportedEstimate, _ text: (Double) -> String) -> String {
    guard let low = estimate.low, let high = estimate.high else { return "" }
    return "[\(text(low)), \(text(high))]"
  }

  /// A share with its interval, both in per cent: `98.7 % [97.1, 99.4]`.
  static func percentWithInterval(_ estimate: ReportedEstimate) -> String {
    join(percent(estimate.value), interval(estimate) { fixed($0 * 100, 1) })
  }

  /// A number with its interval: `0.0123 [0.0110, 0.0140]`.
  static func withInterval(_ estimate: ReportedEstimate) -> String {
    join(significant(estimate.value), interval(estimate) { significant($0) })
  }

  /// A difference of shares with its interval, in percentage points: `-0.3 pp [-0.5, -0.1]`.
  static func pointsWithInterval(_ estimate: ReportedEstimate) -> String {
    join(points(estimate.value), interval(estimate) { signed($0 * 100, places: 1) })
  }

  /// A ratio with its interval: `1.010 [1.005, 1.015]`.
  static func ratioWithInterval(_ estimate: ReportedEstimate) -> String {
    join(significant(estimate.value, digits: 4), interval(estimate) { significant($0, digits: 4) })
  }

  private static func join(_ value: String, _ interval: String) -> String {
    interval.isEmpty ? value : value + " " + interval
  }

  /// Sizes of a tensor: `64 × 128`; a scalar has none.
  static func shape(_ shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " × ")
  }

  /// The ways in which a model is kept: `int4-g32 91 %, bf16 9 %`.
  static func schemes(_ side: ModelSide) -> String {
    let total = Double(max(1, side.weightCount))
    let parts = side.schemes.prefix(3).map { "\($0.scheme) \(percent(Double($0.weightCount) / total, places: 0))" }
    return (parts + (side.schemes.count > 3 ? ["…"] : [])).joined(separator: ", ")
  }

  /// What was compared on: `generated, seed 7: 48 samples with a picture, 16 of text, 1234 positions`, or
  /// `wiki.txt: 4 windows of 512 tokens of plain text, 2044 positions`.
  static func data(_ data: DataSummary) -> String {
    let seed = data.seed.map { ", seed \($0)" } ?? ""
    let samples =
      data.windowLength.map { "\(data.textSampleCount) windows of \($0) tokens of plain text" }
      ?? "\(data.imageSampleCount) samples with a picture, \(data.textSampleCount) of text"
    return "\(data.source)\(seed): \(samples), \(data.positionCount) positions"
  }

  /// How much faster or slower something became: `1.4×`; empty where one of the values is missing.
  static func factor(_ candidate: Double?, over reference: Double?) -> String {
    guard let candidate, let reference, candidate.isFinite, reference.isFinite, reference > 0, candidate > 0 else {
      return ""
    }
    return significant(candidate / reference) + "×"
  }

  /// One word for who is right.
  static func correct(_ side: CorrectSide) -> String {
    switch side {
    case .reference: "became wrong"
    case .candidate: "became right"
    case .both: "both right"
    case .neither: "both wrong"
    case .unknown: "not known"
    }
  }

  /// One word for a grade.
  static func grade(_ grade: VerdictGrade) -> String {
    switch grade {
    case .identical: "Identical"
    case .nearLossless: "Near-lossless"
    case .good: "Good"
    case .degraded: "Degraded"
    case .broken: "Broken"
    case .unmeasured: "Not measured"
    }
  }

  /// What a verdict holds for, and what it does not; empty where kinds of prompts were not told apart.
  static func kinds(_ verdict: Verdict) -> String {
    guard verdict.image != nil || verdict.text != nil else { return "" }
    return [("images", verdict.image), ("text", verdict.text)]
      .map { "\($0.0): \(grade($0.1 ?? .unmeasured).lowercased())" }.joined(separator: "; ")
  }

  /// The limits of the grades, a line each.
  static var scale: [String] {
    [("near-lossless", GatePreset.strict), ("good", .normal)].map { name, preset in
      "\(name): " + preset.limits.map(limit).joined(separator: ", ")
    } + ["degraded: beyond that"]
  }

  private static func limit(_ limit: GateLimit) -> String {
    let value = limit.limit
    return switch limit.metric.quantity {
    case .divergenceMean: "mean KL up to \(plain(value)) nats"
    case .divergenceP99: "p99 \(plain(value))"
    case .top1Disagreement: "top-1 from \(percent(1 - value, places: 0))"
    case .perplexityRatio: "perplexity +\(percent(value - 1, places: 0))"
    case .accuracyDrop: "accuracy -\(plain((value * 1000).rounded() / 10)) pp"
    default: "\(limit.metric.name) \(plain(value))"
    }
  }
}
