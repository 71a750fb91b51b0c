import FusionCore

extension FusionError.Code {
  /// An option of sampling is outside its range.
  public static let samplingOption = Self("runtime.samplingOption", .usage)
  /// A logit is NaN or positive infinity, or none is finite: weights or activations are broken.
  public static let nonfiniteLogits = Self("runtime.nonfiniteLogits", .malformedInput)
}
