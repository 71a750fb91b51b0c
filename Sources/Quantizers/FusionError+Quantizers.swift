import FusionCore

extension FusionError.Code {
  /// A weight is NaN or infinite and was to be quantized.
  public static let nonfiniteWeight = Self("quantizer.nonfiniteWeight")
  /// A weight is larger than any trained weight.
  public static let absurdWeight = Self("quantizer.absurdWeight")
  /// A stored scale is zero, negative, NaN, infinite or subnormal.
  public static let badScale = Self("quantizer.badScale")
  /// A stored code or zero point is outside of its alphabet.
  public static let badCode = Self("quantizer.badCode")
  /// A decoded weight is further from the source than its encoding allows.
  public static let outsideOfBound = Self("quantizer.outsideOfBound")
}
