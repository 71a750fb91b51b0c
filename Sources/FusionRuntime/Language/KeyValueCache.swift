/// Rotated keys and values of every position so far, for every decoder layer.
///
/// [layer][head][position][head dimension]. Memory grows with the positions, so that a generous limit for an answer costs
/// nothing until the answer is that long. Used by one pass at a time.
public final class KeyValueCache: @unchecked Sendable {
  /// Keys and values of one layer.
  struct Layer {
    /// [heads * capacity, head dimension]: head h has the rows from h * capacity on.
    let keys: KeyValueStore
    let values: KeyValueStore
    /// Positions that there is room for.
    let capacity: Int
  }

  private let shape: AttentionShape
  private let precision: KeyValuePrecision
  private var layers: [Layer]

  /// - Parameter capacity: positions to make room for at once.
  init(layerCount: Int, shape: AttentionShape, capacity: Int, precision: KeyValuePrecision) {
    self.shape = shape
    self.precision = precision
    layers = []
    layers = (0..<layerCount).map { _ in makeLayer(capacity: capacity) }
  }

  /// Bytes that the cache has room for.
  public var byteCount: Int { layers.reduce(0) { $0 + $1.keys.byteCount + $1.values.byteCount } }

  /// A layer with room for so many positions; those that are in it stay.
  func layer(_ index: Int, positions: Int) -> Layer {
    let layer = layers[index]
    guard positions > layer.capacity else { return layer }
    let larger = makeLayer(capacity: max(positions, layer.capacity + layer.capacity / 2))
    for head in 0..<shape.keyValueHeadCount {
      let rows = (head * layer.capacity)..<((head + 1) * layer.capacity)
      larger.keys.replaceRows(at: head * larger.capacity, with: layer.keys, rows: rows)
      larger.values.replaceRows(at: head * larger.capacity, with: layer.values, rows: rows)
    }
    layers[index] = larger
    return larger
  }

  private func makeLayer(capacity: Int) -> Layer {
    func store() -> KeyValueStore {
      KeyValueStore(rows: shape.keyValueHeadCount * capacity, columns: shape.headDimension, precision: precision)
    }
    return Layer(keys: store(), values: store(), capacity: capacity)
  }
}
