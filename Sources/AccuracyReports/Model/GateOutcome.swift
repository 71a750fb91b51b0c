/// Whether all limits that the user set hold.
public struct GateOutcome: Codable, Sendable, Equatable {
  /// Name of the preset that limits came from; nil without one.
  public var preset: String?
  /// One for each limit.
  public var results: [GateResult]

  /// Collects the fields.
  public init(
    preset: String? = nil, results: [GateResult]
  ) {
    self.preset = preset
    self.results = results
  }

  /// Whether every limit holds.
  public var passed: Bool { results.allSatisfy(\.passed) }
}
