/// How far the activations of one trace point are apart, over all samples.
public struct ActivationDifference: Codable, Sendable, Equatable {
  /// Name of the trace point: `vision.instruct.hidden.3`, `decoder.hidden.7`, `logits`.
  public var point: String
  /// Rank in the order of computation, from 0.
  public var order: Int
  /// Which side of the model it belongs to.
  public var part: ActivationPart
  /// Number in the name, from 0; nil for a point that is not one of a series.
  public var layer: Int?
  /// Frobenius norm of the difference over that of the reference.
  public var relativeError: Double
  /// Cosine between the two, taken as vectors.
  public var cosine: Double
  /// Largest absolute difference of one value.
  public var maximumError: Double
  /// ``relativeError`` over that of the point before; nil at the first point and after an exact one.
  public var growth: Double?
  /// Relative error of this layer alone: the candidate's layer on the reference's input; nil if not measured.
  public var ownError: Double?
  /// What is wrong here beyond rounding; nil if nothing is.
  public var bad: BadValueKind?

  /// Collects the fields.
  public init(
    point: String, order: Int, part: ActivationPart, layer: Int? = nil, relativeError: Double, cosine: Double,
    maximumError: Double, growth: Double? = nil, ownError: Double? = nil, bad: BadValueKind? = nil
  ) {
    self.point = point
    self.order = order
    self.part = part
    self.layer = layer
    self.relativeError = relativeError
    self.cosine = cosine
    self.maximumError = maximumError
    self.growth = growth
    self.ownError = ownError
    self.bad = bad
  }

  /// The name without the layer's number, which is the same for all points of a series.
  public var series: String {
    guard let layer, point.hasSuffix(".\(layer)") else { return point }
    return String(point.dropLast(".\(layer)".count))
  }
}
