/// Rows of an input that count alike.
public struct WeightedRows: Sendable, Hashable {
  /// The rows.
  public var rows: Range<Int>
  /// What each of them counts; positive and finite.
  public var weight: Double

  /// Collects the fields.
  ///
  /// - Precondition: a positive, finite weight.
  public init(rows: Range<Int>, weight: Double) {
    precondition(weight > 0 && weight.isFinite, "a weight of \(weight)")
    self.rows = rows
    self.weight = weight
  }
}
