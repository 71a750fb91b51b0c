/// One way to convert a checkpoint, and what it costs.
public struct AdviceRow: Sendable, Encodable {
  /// The options of `convert` that ask for it.
  public let options: String
  /// What the bulk of the weights becomes.
  public let scheme: String
  /// How scales and codes are chosen.
  public let method: String
  /// Bytes of the container.
  public let storedByteCount: Int
  /// Bits on disk for each weight: the container without its side files, index and all.
  public let storedBitsPerWeight: Double
  /// Bytes of the weights in memory when the container is loaded as it is.
  public let residentByteCount: Int
  /// The same for each weight, in bits.
  public let residentBitsPerWeight: Double
  /// Predicted squared error of the outputs of linear layers over their squares, the mean over all weights.
  public let relativeOutputError: Double
  /// The same in decibels; `nil` where nothing is lost.
  public let outputSqnrDecibels: Double?
  /// Predicted mean divergence of the next token, in nats.
  public let predictedDivergence: Double
  /// Measured mean divergence of the next token, in nats; `nil` if nobody measured.
  public let measuredDivergence: Double?
  /// Seconds that the conversion took, or those that it is estimated to take.
  public let seconds: Double
  /// Whether another row takes no more disk and diverges no more, and is better in one of them.
  public internal(set) var isBeaten = false

  /// The divergence that rows are compared by: what was measured, else what was predicted.
  public var divergence: Double { measuredDivergence ?? predictedDivergence }
}
