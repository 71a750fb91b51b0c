import FusionCore
import NumericKernels
import TestSupport

/// A random matrix in one encoding, and its weights as float64 by the definition of the encoding.
struct StoredMatrix {
  let encoding: TensorEncoding
  let dtype: DType
  let rowCount: Int
  let columnCount: Int
  private(set) var streams: [[UInt8]] = []
  /// Row after row.
  private(set) var weights: [Double] = []

  /// Every encoding that a matrix may have; verbatim ones by the type of their values.
  static let encodings: [(TensorEncoding, DType)] =
    [DType.bf16, .f16, .f32].map { (.verbatim, $0) } + quantized.map { ($0, .bf16) }

  /// Every encoding by codes.
  static let quantized: [TensorEncoding] = TensorEncoding.Kind.allCases.filter { $0 != .verbatim }.flatMap { kind in
    [0, 16, 32, 64, 128, 256].compactMap { TensorEncoding(kind: kind, groupSize: $0) }
  }

  init(encoding: TensorEncoding, dtype: DType = .bf16, rowCount: Int, columnCount: Int, seed: UInt64) {
    self.encoding = encoding
    self.dtype = dtype
    self.rowCount = rowCount
    self.columnCount = columnCount
    var generator = SplitMix64(seed: seed)
    streams = Array(repeating: [], count: encoding.kind == .verbatim ? 1 : encoding.kind == .int4Asymmetric ? 3 : 2)
    for _ in 0..<rowCount {
      if encoding.isQuantized { appendCodes(using: &generator) } else { appendValues(using: &generator) }
    }
  }

  private mutating func appendValues(using generator: inout SplitMix64) {
    for value in mixedValues(columnCount, using: &generator) {
      let bits: (pattern: UInt32, value: Float)
      switch dtype {
      case .bf16: bits = (value.bitPattern >> 16, Float(bitPattern: value.bitPattern & 0xFFFF_0000))
      case .f16: bits = (UInt32(Float16(value).bitPattern), Float(Float16(value)))
      default: bits = (value.bitPattern, value)
      }
      for byte in 0..<dtype.byteWidth { streams[0].append(UInt8(truncatingIfNeeded: bits.pattern >> UInt32(8 * byte))) }
      weights.append(Double(bits.value))
    }
  }

  private mutating func appendCodes(using generator: inout SplitMix64) {
    let groups = encoding.groupCount(columns: columnCount)
    var scales: [Float] = []
    var zeros: [Int] = []
    for _ in 0..<groups {
      let scale = Float.random(in: 0.001...0.1, using: &generator)
      if encoding.groupSize == 0 {
        scales.append(scale)
        for byte in 0..<4 { streams[1].append(UInt8(truncatingIfNeeded: scale.bitPattern >> UInt32(8 * byte))) }
      } else {
        let half = UInt16(scale.bitPattern >> 16)
        scales.append(Float(bitPattern: UInt32(half) << 16))
        streams[1] += [UInt8(half & 255), UInt8(half >> 8)]
      }
      zeros.append(encoding.kind == .int4Asymmetric ? Int.random(in: 0...15, using: &generator) : 0)
    }
    if encoding.kind == .int4Asymmetric { streams[2] += packed(zeros) }
    let range = encoding.kind == .int8 ? -127...127 : encoding.kind == .int4Symmetric ? -8...7 : 0...15
    let codes = (0..<columnCount).map { _ in Int.random(in: range, using: &generator) }
    streams[0] += encoding.kind == .int8 ? codes.map { UInt8(truncatingIfNeeded: $0) } : packed(codes)
    for (column, code) in codes.enumerated() {
      let group = encoding.groupSize == 0 ? 0 : column / encoding.groupSize
      let steps = encoding.kind == .int4NonLinear ? Int(WeightGrid.entries[code]) : code - zeros[group]
      weights.append(Double(scales[group]) * Double(steps))
    }
  }

  /// A code of four bits as it is stored.
  func nibble(row: Int, column: Int) -> Int {
    Int(streams[0][row * ((columnCount + 1) / 2) + column / 2] >> (column % 2 == 0 ? 0 : 4) & 15)
  }

  private func packed(_ codes: [Int]) -> [UInt8] {
    stride(from: 0, to: codes.count, by: 2).map { index in
      let next = index + 1 < codes.count ? codes[index + 1] : 0
      return UInt8(codes[index] & 15) | UInt8(next & 15) << 4
    }
  }

  /// The scale of a group, counted over all rows.
  func scale(_ index: Int) -> Float {
    let width = encoding.groupSize == 0 ? 4 : 2
    let bits = (0..<width).reduce(UInt32(0)) { $0 | UInt32(streams[1][index * width + $1]) << UInt32(8 * $1) }
    return Float(bitPattern: width == 4 ? bits : bits << 16)
  }

  /// The zero point of a group of a row; 0 where there are none.
  func zeroPoint(row: Int, group: Int) -> Float {
    guard encoding.kind == .int4Asymmetric else { return 0 }
    let bytesPerRow = (encoding.groupCount(columns: columnCount) + 1) / 2
    return Float(streams[2][row * bytesPerRow + group / 2] >> (group % 2 == 0 ? 0 : 4) & 15)
  }

  /// Lends the matrix. Streams lie one byte off, since a container promises no alignment to a row.
  func with<Result>(_ body: (EncodedMatrix) throws -> Result) rethrows -> Result {
    let shifted = streams.map { [0] + $0 + [0, 0, 0] }
    return try shifted[0].withUnsafeBytes { codes in
      try (shifted.count > 1 ? shifted[1] : []).withUnsafeBytes { scales in
        try (shifted.count > 2 ? shifted[2] : []).withUnsafeBytes { zeros in
          let lent = zip([codes, scales, zeros], streams).map { bytes, stream in
            UnsafeRawBufferPointer(rebasing: bytes[1..<(1 + stream.count)])
          }
          return try body(
            EncodedMatrix(
              encoding: encoding, dtype: dtype, rowCount: rowCount, columnCount: columnCount, streams: lent))
        }
      }
    }
  }

  /// Runs of rows of the matrix that is lent.
  func parts(of matrix: EncodedMatrix, rowsPerPart: Int) -> [EncodedMatrix] {
    stride(from: 0, to: rowCount, by: rowsPerPart).map { first in
      let count = min(rowsPerPart, rowCount - first)
      return EncodedMatrix(
        encoding: encoding, dtype: dtype, rowCount: count, columnCount: columnCount,
        streams: matrix.streams.map { stream in
          let width = stream.count / rowCount
          return UnsafeRawBufferPointer(rebasing: stream[(first * width)..<((first + count) * width)])
        })
    }
  }

  /// Row times vector in float64, and the sum of the magnitudes of the products.
  func product(row: Int, _ vector: [Float]) -> (value: Double, magnitude: Double) {
    var result = (value: 0.0, magnitude: 0.0)
    for column in 0..<columnCount {
      let term = weights[row * columnCount + column] * Double(vector[column])
      result.value += term
      result.magnitude += abs(term)
    }
    return result
  }
}
