/// Limits that a report is held to.
public struct Gate: Sendable, Equatable {
  /// Where limits came from, if from a preset.
  public let preset: GatePreset?
  /// The limits, one for each metric.
  public let limits: [GateLimit]

  /// Joins a preset and limits of one's own, which win over those of the preset and over earlier ones.
  public init(preset: GatePreset? = nil, limits: [GateLimit] = []) {
    self.preset = preset
    var joined: [GateLimit] = []
    for limit in (preset?.limits ?? []) + limits {
      if let index = joined.firstIndex(where: { $0.metric == limit.metric }) {
        joined[index] = limit
      } else {
        joined.append(limit)
      }
    }
    self.limits = joined
  }

  /// Whether there is anything to hold a report to.
  public var isEmpty: Bool { limits.isEmpty }

  /// Holds a report to the limits.
  ///
  /// A value that is not a number does not pass, nor does one that was not measured, unless the limit comes from a
  /// preset and needs data that not every comparison has.
  public func evaluate(_ report: DiffReport) -> GateOutcome {
    let results = limits.map { limit in
      let value = limit.metric.value(in: report)
      let passed = value.map { $0 <= limit.limit } ?? !limit.isRequired
      return GateResult(
        metric: limit.metric.name, limit: limit.limit, value: value, passed: passed, reason: Self.reason(value, limit))
    }
    return GateOutcome(preset: preset?.rawValue, results: results)
  }

  private static func reason(_ value: Double?, _ limit: GateLimit) -> String? {
    guard let value else {
      return limit.isRequired ? "not measured with these samples" : "not measured, and the preset does not insist on it"
    }
    return value.isNaN ? "the value is not a number" : nil
  }
}
