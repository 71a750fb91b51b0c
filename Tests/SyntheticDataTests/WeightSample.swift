import FusionCore
import SyntheticData
import Testing

/// A tensor made as float32 numbers, and measures of it in double precision.
struct WeightSample {
  let rowCount: Int
  let columnCount: Int
  let values: [Float]

  init(
    _ name: String, _ dimensions: [Int], _ kind: SyntheticTensor.Kind, seed: UInt64 = 1
  ) throws {
    let tensor = SyntheticTensor(name: name, shape: try #require(Shape(dimensions)), kind: kind)
    let rows = 0..<tensor.shape.rowCount
    let bytes = WeightSample.bytes(SyntheticWeights(seed: seed), tensor, .f32, rows)
    values = bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map { Float(bitPattern: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
    rowCount = rows.count
    columnCount = tensor.shape.columnCount
  }

  static func bytes(
    _ weights: SyntheticWeights, _ tensor: SyntheticTensor, _ dtype: DType, _ rows: Range<Int>
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xAA, count: rows.count * tensor.shape.columnCount * dtype.byteWidth)
    bytes.withUnsafeMutableBytes { weights.fill($0, tensor: tensor, dtype: dtype, rows: rows) }
    return bytes
  }

  func row(_ index: Int) -> [Float] { Array(values[(index * columnCount)..<((index + 1) * columnCount)]) }

  func column(_ index: Int) -> [Float] { (0..<rowCount).map { values[$0 * columnCount + index] } }

  static func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } / Double(values.count) }

  /// Square root of the mean square.
  static func deviation(_ values: [Float]) -> Double {
    (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
  }

  /// Mean fourth power over the square of the mean square; 3 for a normal distribution.
  static func kurtosis(_ values: [Float]) -> Double {
    let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    let fourth = values.reduce(0) { $0 + Double($1) * Double($1) * Double($1) * Double($1) } / Double(values.count)
    return fourth / (square * square)
  }

  /// Mean product over the product of the deviations, for numbers around 0.
  static func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let product = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } / Double(a.count)
    return product / (deviation(a) * deviation(b))
  }
}
