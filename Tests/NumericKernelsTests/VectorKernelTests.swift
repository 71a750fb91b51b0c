import NumericKernels
import TestSupport
import Testing

@Suite struct VectorKernelTests {
  @Test(arguments: Levels.lengths)
  func add(length: Int) throws {
    var generator = SplitMix64(seed: 60 + UInt64(length))
    let a = mixedValues(length, using: &generator)
    let b = mixedValues(length, using: &generator)
    for kernels in try Levels.all() {
      let sum = changed(a) { target in b.withUnsafeBufferPointer { kernels.add($0, to: target) } }
      #expect(sum == zip(a, b).map { $0 + $1 })
    }
  }

  @Test(arguments: Levels.lengths)
  func multiplyElementByElement(length: Int) throws {
    var generator = SplitMix64(seed: 63 + UInt64(length))
    let a = mixedValues(length, using: &generator)
    let b = mixedValues(length, using: &generator)
    for kernels in try Levels.all() {
      let product = changed(a) { target in b.withUnsafeBufferPointer { kernels.multiply(target, by: $0) } }
      #expect(product.map(\.bitPattern) == zip(a, b).map { ($0 * $1).bitPattern }, "\(kernels.level)")
    }
  }

  /// Every row by the same divisors; what lies behind the rows stays.
  @Test(arguments: Levels.lengths.dropFirst(), [0, 1, 3])
  func divideRows(columns: Int, rows: Int) throws {
    var generator = SplitMix64(seed: 64 + UInt64(columns))
    let values = mixedValues(rows * columns + 5, using: &generator)
    let divisors = mixedValues(columns, using: &generator).map { $0 == 0 ? 1 : $0 }
    for kernels in try Levels.all() {
      let target = changed(values) { all in
        kernels.divide(UnsafeMutableBufferPointer(rebasing: all[..<(rows * columns)]), byColumns: divisors)
      }
      let expected = (0..<(rows * columns)).map { values[$0] / divisors[$0 % columns] } + values.suffix(5)
      #expect(target.map(\.bitPattern) == expected.map(\.bitPattern), "\(kernels.level)")
    }
  }

  /// Widths of real heads and of none; the two halves have tables of their own.
  @Test(arguments: [0, 2, 6, 30, 32, 34, 64, 96, 128])
  func rotate(width: Int) throws {
    var generator = SplitMix64(seed: 61 + UInt64(width))
    let head = mixedValues(width, using: &generator)
    let cosines = (0..<width).map { _ in Float.random(in: -1...1, using: &generator) }
    let sines = (0..<width).map { _ in Float.random(in: -1...1, using: &generator) }
    let half = width / 2
    var expected = head
    for i in 0..<half {
      expected[i] = head[i] * cosines[i] - head[i + half] * sines[i]
      expected[i + half] = head[i + half] * cosines[i + half] + head[i] * sines[i + half]
    }
    for kernels in try Levels.all() {
      let found = changed(head) { values in
        cosines.withUnsafeBufferPointer { c in
          sines.withUnsafeBufferPointer { kernels.rotate(values, cosines: c, sines: $0) }
        }
      }
      #expect(found == expected, "\(kernels.level)")
    }
  }
}
