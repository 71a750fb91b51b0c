import FusionCore

/// Makes parts of a norm or a bias.
struct VectorFiller {
  private let kind: SyntheticTensor.Kind
  private let columnCount: Int
  private let random: CounterRandom

  /// - Parameters:
  ///   - seed: the checkpoint's seed.
  ///   - tensor: a tensor of kind `.norm` or `.bias`.
  init(seed: UInt64, tensor: SyntheticTensor) {
    kind = tensor.kind
    columnCount = tensor.shape.columnCount
    random = CounterRandom(seed: seed, name: tensor.name, stream: 3)
  }

  /// The value of one element.
  private func value(_ element: Int) -> Float {
    let bits = random.bits(UInt64(element))
    let spread = QuantileTable.heavyTailed.value(bits)
    guard kind == .norm else { return 0.02 * spread }
    let gain = max(0.05, 1 + 0.15 * spread)
    // Bits that the lookup has not used: one element in 512 is large, by a factor of 3 ... 6.
    guard (bits >> 16) & 511 == 0 else { return gain }
    return gain * (3 + 3 * Float((bits >> 32) & 0xFFFF) / 65_536)
  }

  /// Makes rows; `buffer` holds exactly their bytes.
  func fill<Element: EncodedFloat>(
    _ buffer: UnsafeMutableRawBufferPointer, rows: Range<Int>, as type: Element.Type
  ) {
    let first = rows.lowerBound * columnCount
    for index in 0..<(rows.count * columnCount) {
      buffer.storeBytes(
        of: Element(rounding: value(first + index)), toByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
    }
  }
}
