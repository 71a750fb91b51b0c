/// How scales and codes are chosen.
public enum QuantizationMethod: String, Sendable, CaseIterable, Codable {
  /// The best that the inputs at hand permit: `gptq` with second moments, `search` without.
  case auto
  /// The scale that just covers a group, each weight to its nearest code: the baseline of others.
  case rtn
  /// Scales for columns and for groups searched for the least error; weighted by the inputs' squares where they are known.
  case search
  /// As `search`, columns scaled by a power of their inputs' magnitude that is searched tensor by tensor (AWQ).
  case awq
  /// As `search`, and columns make up for the errors of those before them (GPTQ, activation order).
  case gptq

  /// Whether the method cannot do without calibration.
  public var needsCalibration: Bool { self == .awq || self == .gptq }
}
