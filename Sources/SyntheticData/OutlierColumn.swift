/// An input channel whose weights are several times larger than those of its neighbours.
public struct OutlierColumn: Sendable, Hashable {
  /// The column.
  public let index: Int
  /// By how much its weights are multiplied: 4 ... 8.
  public let factor: Float

  /// The outliers of all matrices that read a residual stream of this width: about 0.2 % of the columns, ascending.
  ///
  /// They depend on the seed and the width alone, because in a trained model it is the channel of the stream that is
  /// unusual, and every matrix that reads it shows that. Streams under 64 channels have none.
  ///
  /// - Parameters:
  ///   - seed: the checkpoint's seed.
  ///   - columnCount: width of the stream, at least 0.
  public static func columns(seed: UInt64, columnCount: Int) -> [OutlierColumn] {
    precondition(columnCount >= 0, "\(columnCount) columns")
    guard columnCount >= 64 else { return [] }
    let random = CounterRandom(seed: seed, name: "residual stream \(columnCount)", stream: 2)
    let wanted = max(1, (columnCount + 250) / 500)
    var chosen: [Int: Float] = [:]
    var counter: UInt64 = 0
    while chosen.count < wanted {
      // A remainder favours small columns by less than one part in 2^40.
      let column = Int(random.bits(counter) % UInt64(columnCount))
      if chosen[column] == nil { chosen[column] = Float(4 + 4 * random.unit(counter + 1)) }
      counter += 2
    }
    return chosen.map { OutlierColumn(index: $0.key, factor: $0.value) }.sorted { $0.index < $1.index }
  }
}
