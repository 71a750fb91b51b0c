internal import CNumericKernels

/// The sixteen numbers that codes of an uneven grid stand for, in units of a group's scale.
///
/// They are closer to each other near 0, where most weights are. `formats/quantization.md` says where they come from.
public enum WeightGrid {
  /// The entries, ascending; one of them is 0.
  public static let entries: [Int8] = withUnsafeBytes(of: fk_grid_entries) { $0.map { Int8(bitPattern: $0) } }

  /// Least and greatest entry.
  public static let reach = Int(entries[0])...Int(entries[entries.count - 1])
  /// How far beyond the middle between two entries a weight may be that still has either, for the rounding of float32.
  public static let slack: Float = FK_GRID_SLACK

  /// How far a weight may be from the entry that is the nearest one: half the way to the next entry and ``slack``.
  ///
  /// - Parameter code: the entry's index.
  public static func bounds(ofCode code: Int) -> (below: Float, above: Float) {
    func halfWay(to next: Int) -> Float {
      entries.indices.contains(next) ? abs(Float(entries[next]) - Float(entries[code])) * 0.5 : 0
    }
    return (halfWay(to: code - 1) + slack, halfWay(to: code + 1) + slack)
  }
}
