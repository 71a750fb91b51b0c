/// McNemar's test of whether two models differ in how many questions they have right.
public struct PairedTest: Codable, Sendable, Equatable {
  /// Questions that the reference alone has right.
  public var referenceOnlyCount: Int
  /// Questions that the candidate alone has right.
  public var candidateOnlyCount: Int
  /// How likely a split at least as uneven is when neither model is better, 0 to 1.
  public var pValue: Double

  /// Collects the fields.
  public init(
    referenceOnlyCount: Int, candidateOnlyCount: Int, pValue: Double
  ) {
    self.referenceOnlyCount = referenceOnlyCount
    self.candidateOnlyCount = candidateOnlyCount
    self.pValue = pValue
  }
}
