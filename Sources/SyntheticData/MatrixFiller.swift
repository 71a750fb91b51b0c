import FusionCore

/// Makes rows of one matrix or table.
struct MatrixFiller {
  /// Spread of the logarithm of the rows' scales.
  static let rowSpread = 0.25

  private let columnCount: Int
  private let wordsPerRow: Int
  private let deviation: Float
  private let outliers: [OutlierColumn]
  private let values: CounterRandom
  private let rowScales: CounterRandom

  /// - Parameters:
  ///   - seed: the checkpoint's seed.
  ///   - tensor: name and shape.
  ///   - deviation: standard deviation of a row of scale 1.
  ///   - outliers: columns to enlarge, inside the tensor.
  init(seed: UInt64, tensor: SyntheticTensor, deviation: Float, outliers: [OutlierColumn]) {
    columnCount = tensor.shape.columnCount
    wordsPerRow = columnCount / 4 + (columnCount % 4 == 0 ? 0 : 1)
    self.deviation = deviation
    self.outliers = outliers
    values = CounterRandom(seed: seed, name: tensor.name, stream: 0)
    rowScales = CounterRandom(seed: seed, name: tensor.name, stream: 1)
  }

  /// Standard deviation of a row, its outlier columns left out.
  private func scale(ofRow row: Int) -> Float {
    let normal = Double(QuantileTable.normal.value(rowScales.bits(UInt64(row))))
    return deviation * Float(ExactMath.exponential(MatrixFiller.rowSpread * normal))
  }

  /// Makes rows; `buffer` holds exactly their bytes.
  @inline(__always)
  func fill<Element: EncodedFloat>(
    _ buffer: UnsafeMutableRawBufferPointer, rows: Range<Int>, as type: Element.Type
  ) {
    guard let start = buffer.baseAddress else { return }
    QuantileTable.heavyTailed.values.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { preconditionFailure("a quantile table is never empty") }
      var output = start
      for row in rows {
        let scale = scale(ofRow: row)
        let firstWord = UInt64(row) &* UInt64(wordsPerRow)
        fillRow(output, table, firstWord, scale, as: type)
        for outlier in outliers {
          let word = values.bits(firstWord &+ UInt64(outlier.index / 4))
          let value = table[Int((word >> UInt64(16 * (outlier.index % 4))) & 0xFFFF)] * scale * outlier.factor
          store(Element(rounding: value), output, outlier.index)
        }
        output += columnCount * MemoryLayout<Element>.size
      }
    }
  }

  /// One row without its outliers: four values from each 64 random bits, the lowest bits first.
  @inline(__always)
  private func fillRow<Element: EncodedFloat>(
    _ output: UnsafeMutableRawPointer, _ table: UnsafePointer<Float>, _ firstWord: UInt64, _ scale: Float,
    as type: Element.Type
  ) {
    let whole = columnCount / 4
    var column = 0
    for index in 0..<whole {
      let word = values.bits(firstWord &+ UInt64(truncatingIfNeeded: index))
      store(Element(rounding: table[Int(truncatingIfNeeded: word & 0xFFFF)] * scale), output, column)
      store(Element(rounding: table[Int(truncatingIfNeeded: (word >> 16) & 0xFFFF)] * scale), output, column &+ 1)
      store(Element(rounding: table[Int(truncatingIfNeeded: (word >> 32) & 0xFFFF)] * scale), output, column &+ 2)
      store(Element(rounding: table[Int(truncatingIfNeeded: word >> 48)] * scale), output, column &+ 3)
      column = column &+ 4
    }
    guard column < columnCount else { return }
    var word = values.bits(firstWord &+ UInt64(truncatingIfNeeded: whole))
    while column < columnCount {
      store(Element(rounding: table[Int(truncatingIfNeeded: word & 0xFFFF)] * scale), output, column)
      word >>= 16
      column += 1
    }
  }

  @inline(__always)
  private func store<Element: EncodedFloat>(
    _ value: Element, _ output: UnsafeMutableRawPointer, _ column: Int
  ) {
    // Through raw memory: the caller's buffer may have any alignment.
    output.storeBytes(of: value, toByteOffset: column &* MemoryLayout<Element>.size, as: Element.self)
  }
}
