/// Whether one limit of a gate holds.
public struct GateResult: Codable, Sendable, Equatable {
  /// Name of the metric, as `--fail-above` takes it.
  public var metric: String
  /// Greatest value that passes.
  public var limit: Double
  /// What was measured; nil where the report does not have it.
  public var value: Double?
  /// Whether the value is within the limit, or is missing where a preset does not insist on it.
  public var passed: Bool
  /// What the numbers do not say, such as that the value was not measured.
  public var reason: String?

  /// Collects the fields.
  public init(
    metric: String, limit: Double, value: Double?, passed: Bool, reason: String? = nil
  ) {
    self.metric = metric
    self.limit = limit
    self.value = value
    self.passed = passed
    self.reason = reason
  }
}
