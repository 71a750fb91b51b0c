/// How scales and codes are chosen.
public enum QuantizationMethod: String, Sendable, CaseIterable, Codable {
  /// The best that is at hand: `gptq` with the inputs' second moments, `balance` without.
  case auto
  /// The scale that just covers a group, each weight to its nearest code: the baseline of the others.
  case rtn
  /// Scales of groups searched for the least error, which the inputs' squares weight where they are known.
  case search
  /// As `search`, and a scale for each column: from the inputs' squares, or from the weights' sizes that stand in for
  /// them.
  case balance
  /// As `search`, columns scaled by a power of their inputs' magnitude that is searched tensor by tensor (AWQ).
  case awq
  /// As `balance`, and columns make up for the errors of those before them (GPTQ, activation order).
  case gptq

  /// Whether the method cannot do without calibration.
  public var needsCalibration: Bool { self == .awq || self == .gptq }
}
