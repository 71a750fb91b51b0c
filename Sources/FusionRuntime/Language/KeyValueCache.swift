/// Rotated keys and values of every position so far, for every decoder layer.
///
/// Float32, [layer][head][position][head dimension]; memory for all positions that were announced is taken at once.
public final class KeyValueCache: Sendable {
  /// Positions that there is room for.
  public let capacity: Int
  let keys: [ActivationMatrix]
  let values: [ActivationMatrix]

  /// - Parameter capacity: positions of prompt and answer together.
  init(layerCount: Int, shape: AttentionShape, capacity: Int) {
    self.capacity = capacity
    func make() -> [ActivationMatrix] {
      (0..<layerCount).map { _ in
        ActivationMatrix(rows: shape.keyValueHeadCount * capacity, columns: shape.headDimension)
      }
    }
    keys = make()
    values = make()
  }

  /// Bytes of the cache.
  public var byteCount: Int {
    (keys + values).reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.size }
  }
}
