import FusionCore
import NumericKernels
import TestSupport
import Testing

/// Whole rows of codes, decoded and compared, against the definition applied to one weight after the other.
@Suite struct RowCodeKernelTests {
  private static let columnCounts = [1, 16, 33, 100, 4304]

  @Test(arguments: StoredMatrix.quantized, columnCounts)
  func decodesByTheDefinition(encoding: TensorEncoding, columns: Int) throws {
    let stored = StoredMatrix(encoding: encoding, rowCount: 3, columnCount: columns, seed: UInt64(columns))
    var generator = SplitMix64(seed: 2)
    let factors = (0..<columns).map { _ in Float.random(in: 0.1...10, using: &generator) }
    for kernels in try Levels.all() {
      for used in [[], factors] {
        var decoded = [Float](repeating: .nan, count: 3 * columns)
        stored.with { matrix in
          decoded.withUnsafeMutableBufferPointer { kernels.decode(matrix, factors: used, into: $0) }
        }
        let expected = stored.weights.enumerated().map { Float($1) * (used.isEmpty ? 1 : used[$0 % columns]) }
        #expect(decoded.map { $0 + 0 } == expected, "\(kernels.level)")
      }
    }
  }

  /// A value for each kind of outcome, in places that the generator chooses.
  @Test(arguments: StoredMatrix.quantized, columnCounts)
  func countsWhatIsFarAndWhatIsOutside(encoding: TensorEncoding, columns: Int) throws {
    let stored = StoredMatrix(encoding: encoding, rowCount: 3, columnCount: columns, seed: UInt64(columns) + 1)
    var generator = SplitMix64(seed: 3)
    let values = stored.weights.map { weight -> Float in
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: .nan
      case 1: Float(weight) * 3 + 1
      case 2: Float(weight) * 3 - 1
      case 3: Float(weight) + Float.random(in: -0.1...0.1, using: &generator)
      default: Float(weight) + Float.random(in: -0.0004...0.0004, using: &generator)
      }
    }
    let range: ClosedRange<Int> =
      switch encoding.kind {
      case .int8: -127...127
      case .int4Symmetric: -8...7
      case .int4NonLinear: -127...122
      default: 0...15
      }
    let expected = expectedCounts(stored, values, codes: range, bound: 0.5001)
    #expect(columns < 100 || expected[0] > 0 && expected[1] > 0)
    for kernels in try Levels.all() {
      let found = stored.with { matrix in
        values.withUnsafeBufferPointer {
          kernels.check($0, dividedBy: [], against: matrix, reach: range, boundInSteps: 0.5001)
        }
      }
      #expect([found.violations, found.clipped, found.badScales] == expected, "\(kernels.level)")
      // In other units, which are exact to go back from.
      let divisors = (0..<columns).map { Float(sign: .plus, exponent: $0 % 5 - 2, significand: 1) }
      let scaled = values.enumerated().map { $1 * divisors[$0 % columns] }
      let divided = stored.with { matrix in
        scaled.withUnsafeBufferPointer {
          kernels.check($0, dividedBy: divisors, against: matrix, reach: range, boundInSteps: 0.5001)
        }
      }
      #expect(divided == found)
    }
  }

  private func expectedCounts(
    _ stored: StoredMatrix, _ values: [Float], codes: ClosedRange<Int>, bound: Float
  ) -> [Int] {
    var (violations, clipped) = (0, 0)
    let columns = stored.columnCount
    let groups = stored.encoding.groupCount(columns: columns)
    for (index, value) in values.enumerated() {
      let (row, column) = (index / columns, index % columns)
      let group = stored.encoding.groupSize == 0 ? 0 : column / stored.encoding.groupSize
      let scale = stored.scale(row * groups + group)
      let zero = stored.zeroPoint(row: row, group: group)
      let low = scale * (Float(codes.lowerBound) - zero)
      let high = scale * (Float(codes.upperBound) - zero)
      let inside = value < low ? low : value > high ? high : value
      let distance = inside - Float(stored.weights[index])
      let bounds = bounds(stored, row: row, column: column, bound)
      if !(distance <= scale * bounds.above && -distance <= scale * bounds.below) { violations += 1 }
      if inside != value { clipped += 1 }
    }
    return [violations, clipped, 0]
  }

  /// The entry of a grid is nearest to what is less than half the way to its neighbours.
  private func bounds(_ stored: StoredMatrix, row: Int, column: Int, _ bound: Float) -> (below: Float, above: Float) {
    guard stored.encoding.kind == .int4NonLinear else { return (bound, bound) }
    let code = stored.nibble(row: row, column: column)
    let entry = Float(WeightGrid.entries[code])
    let below = code > 0 ? (entry - Float(WeightGrid.entries[code - 1])) / 2 + 1e-4 : 0
    let above = code < 15 ? (Float(WeightGrid.entries[code + 1]) - entry) / 2 + 1e-4 : 0
    return (max(below, bound), max(above, bound))
  }

  /// One row of codes of eight bits with the scale 1, so that codes are weights.
  private func check(_ values: [Float], _ codes: [Int8], bound: Float, _ kernels: KernelSet) -> [Int] {
    let scale = withUnsafeBytes(of: Float(1).bitPattern.littleEndian) { Array($0) }
    return codes.withUnsafeBytes { codes in
      scale.withUnsafeBytes { scale in
        let matrix = EncodedMatrix(
          encoding: .int8PerChannel, dtype: .bf16, rowCount: 1, columnCount: codes.count, streams: [codes, scale])
        return values.withUnsafeBufferPointer {
          let found = kernels.check($0, dividedBy: [], against: matrix, reach: -8...7, boundInSteps: bound)
          return [found.violations, found.clipped]
        }
      }
    }
  }

  @Test func comparesUpToTheBound() throws {
    for kernels in try Levels.all() {
      #expect(check([1.5, 0.5, 1], [1, 1, 1], bound: 0.5, kernels) == [0, 0])
      #expect(check([Float(1.5).nextUp, 0.5, 1], [1, 1, 1], bound: 0.5, kernels) == [1, 0])
      #expect(check([1, 0.25, -3], [2, 1, -2], bound: 0.5, kernels) == [3, 0])
    }
  }

  @Test func clipsBeforeItCompares() throws {
    for kernels in try Levels.all() {
      #expect(check([9, -100, 7, -8], [7, -8, 7, -8], bound: 0, kernels) == [0, 2])
      #expect(check([9, -100], [6, -8], bound: 0.5, kernels) == [1, 2])
      #expect(check([.infinity, -.infinity], [7, -8], bound: 0.5, kernels) == [0, 2])
    }
  }

  @Test func countsNaNAsFar() throws {
    for kernels in try Levels.all() {
      #expect(check([.nan], [0], bound: 0.5, kernels)[0] == 1)
      #expect(check([0], [0], bound: .nan, kernels) == [1, 0])
    }
  }

  @Test(arguments: [Float(0), -1, .nan, .infinity, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e38])
  func countsScalesThatCannotBeUsed(scale: Float) throws {
    var stream = [UInt8](repeating: 0, count: 4)
    stream.withUnsafeMutableBytes { $0.storeBytes(of: scale.bitPattern.littleEndian, as: UInt32.self) }
    let codes = [UInt8](repeating: 0, count: 5)
    for kernels in try Levels.all() {
      let found = codes.withUnsafeBytes { codes in
        stream.withUnsafeBytes { scales in
          [Float](repeating: 0, count: 5).withUnsafeBufferPointer {
            kernels.check(
              $0, dividedBy: [],
              against: EncodedMatrix(
                encoding: .int8PerChannel, dtype: .bf16, rowCount: 1, columnCount: 5, streams: [codes, scales]),
              reach: -127...127, boundInSteps: 0.5)
          }
        }
      }
      #expect(found.badScales == (scale.isNormal && scale > 0 ? 0 : 1))
    }
  }

  @Test(arguments: Levels.lengths.dropFirst())
  func dividesByColumns(columns: Int) throws {
    var generator = SplitMix64(seed: UInt64(columns))
    let values = mixedValues(3 * columns, using: &generator)
    let divisors = (0..<columns).map { _ in Float.random(in: 0.01...100, using: &generator) }
    for kernels in try Levels.all() {
      var target = [Float](repeating: .nan, count: values.count)
      values.withUnsafeBufferPointer { values in
        target.withUnsafeMutableBufferPointer { kernels.divide(values, byColumns: divisors, into: $0) }
      }
      #expect(target == values.enumerated().map { $1 / divisors[$0 % columns] })
    }
  }

  /// Rows one after the other, each one from its first column to its last.
  @Test(arguments: Levels.lengths.dropFirst(), [1, 15, 16, 35])
  func balancedSquaresKeepTheirOrder(columns: Int, rowCount: Int) throws {
    var generator = SplitMix64(seed: UInt64(columns + rowCount))
    var rows = mixedValues(rowCount * columns, using: &generator)
    if rowCount > 2 { rows.replaceSubrange(columns..<(2 * columns), with: [Float](repeating: 0, count: columns)) }
    let inverses = (0..<columns).map { _ in Double.random(in: 0...4, using: &generator) }
    var expected = (0..<columns).map { _ in Double.random(in: 0...1, using: &generator) }
    let before = expected
    for start in stride(from: 0, to: rows.count, by: columns) {
      let squares = rows[start..<(start + columns)].map { Double($0) * Double($0) }
      let energy = zip(squares, inverses).reduce(0) { $0 + $1.0 * $1.1 }
      guard energy > 0 else { continue }
      for column in 0..<columns { expected[column] += squares[column] * (Double(columns) / energy) }
    }
    for kernels in try Levels.all() {
      var sums = before
      rows.withUnsafeBufferPointer { kernels.addBalancedSquares(of: $0, inverses: inverses, to: &sums) }
      #expect(sums == expected, "\(kernels.level)")
    }
  }
}
