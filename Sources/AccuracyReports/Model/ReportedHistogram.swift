/// Counts of numbers by ranges.
///
/// Range i reaches from `edges[i]` up to `edges[i + 1]`; the last one holds its upper edge too.
public struct ReportedHistogram: Codable, Sendable, Equatable {
  /// Ascending limits of the ranges, one more than there are counts; empty for an empty histogram.
  public var edges: [Double]
  /// How many numbers are in each range.
  public var counts: [Int]

  /// Collects the fields; a file may hold fewer edges than it should, so readers go by ``binCount``.
  public init(
    edges: [Double], counts: [Int]
  ) {
    self.edges = edges
    self.counts = counts
  }

  /// How many ranges have both of their edges and a count.
  public var binCount: Int { max(0, min(edges.count - 1, counts.count)) }
}
