/// What the inputs of a weight look like: weighted means over all rows that were seen.
public struct InputStatistics: Sendable {
  /// Name of the input in the file.
  public let site: String
  /// Canonical names of all weights that are multiplied with it.
  public let weights: [String]
  /// Rows that are words.
  public let languageRowCount: Int
  /// Rows that came from a picture.
  public let visionRowCount: Int
  /// Sum of the rows' weights; positive.
  public let weightedRowCount: Double
  /// For each column the mean of x^2.
  public let squareMeans: [Double]
  /// For each column the mean of |x|.
  public let magnitudeMeans: [Double]
  /// Whether the means of all products of two columns are there too.
  public let hasSecondMoment: Bool

  /// Values in a row: columns of the weights.
  public var width: Int { squareMeans.count }
}
