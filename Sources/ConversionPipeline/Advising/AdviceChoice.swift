/// Which of several ways to convert a checkpoint to take, by its options.
public struct AdviceChoice: Sendable, Encodable {
  /// The least disk among those that diverge about as little as the standard conversion; of those that take about the
  /// same disk, the one that diverges least.
  public let leastDisk: String?
  /// The least memory; among those that take the same, the least divergence.
  public let leastMemory: String?
  /// The least divergence short of none.
  public let bestQuality: String?

  /// Divergences are about the same up to this factor.
  private static let tolerance = 1.1
  /// Sizes on disk are about the same up to this factor.
  private static let sizeTolerance = 1.02

  init(_ rows: [AdviceRow]) {
    let standard = rows.first { $0.options == AdviceCandidate.standardOptions }?.divergence
    leastDisk =
      standard.flatMap { limit in
        let good = rows.filter { $0.divergence <= limit * Self.tolerance }
        let least = Double(good.map(\.storedByteCount).min() ?? 0)
        return good.filter { Double($0.storedByteCount) <= least * Self.sizeTolerance }
          .min { ($0.divergence, $0.storedByteCount) < ($1.divergence, $1.storedByteCount) }
      }?.options
    leastMemory =
      rows.min { ($0.residentByteCount, $0.divergence) < ($1.residentByteCount, $1.divergence) }?.options
    bestQuality = rows.filter { $0.divergence > 0 }.min { $0.divergence < $1.divergence }?.options
  }

  /// Rows in order, least disk first, each marked if another beats it.
  static func ranked(_ rows: [AdviceRow]) -> [AdviceRow] {
    rows.map { row in
      var marked = row
      marked.isBeaten = rows.contains { other in
        other.storedByteCount <= row.storedByteCount && other.divergence <= row.divergence
          && (other.storedByteCount < row.storedByteCount || other.divergence < row.divergence)
      }
      return marked
    }.sorted { ($0.storedByteCount, $0.divergence, $0.options) < ($1.storedByteCount, $1.divergence, $1.options) }
  }
}
