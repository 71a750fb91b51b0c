internal import CNumericKernels

/// A softmax that sees its scores block by block.
public struct AttentionSoftmax: @unchecked Sendable {
  var state = fk_softmax(peak: -.infinity, sum: 0)

  /// A softmax that has seen no score.
  public init() {}

  /// The greatest score so far.
  public var peak: Float { state.peak }
  /// The sum of e^(score - peak) over all scores so far.
  public var sum: Double { state.sum }
}
