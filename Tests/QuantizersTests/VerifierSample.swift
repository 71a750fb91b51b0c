import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// Encoded rows that a test damages before it has them checked; with column scales if the encoding has them.
struct VerifierSample {
  let kernels: KernelSet
  let encoding: TensorEncoding
  let rows: Int
  let columns: Int
  var source: [UInt8]
  var streams: [[UInt8]]

  init(
    _ kernels: KernelSet, _ encoding: TensorEncoding, rows: Int = 3, columns: Int = 47,
    _ distribution: Distribution = .gaussian
  ) throws {
    let values = distribution.values(rows * columns, as: .bf16, seed: 31)
    let scales = encoding.hasColumnScales ? Encodings.columnScales(columns, seed: 32) : []
    let coding = RowCoding(encoding: encoding, columnScales: scales)
    (self.kernels, self.encoding, self.rows, self.columns) = (kernels, encoding, rows, columns)
    source = DType.bf16.bytes(of: values)
    streams = try Encodings.encode(values, type: .bf16, columns: columns, coding: coding, kernels).rows.streams
  }

  func validate() throws {
    try StreamBytes.withBytes(of: streams) {
      try RowVerifier(kernels: kernels).validate($0, rows: rows, columns: columns, encoding: encoding)
    }
  }

  /// - Parameters:
  ///   - other: source to check against; nil for its own.
  ///   - deviation: the largest distance in steps that is stated.
  @discardableResult
  func verify(
    against other: [UInt8]? = nil, deviation: Float? = nil
  ) throws -> (clippedCount: Int, difference: DifferenceSums) {
    try StreamBytes.withBytes(of: streams) { streams in
      try (other ?? source).withUnsafeBytes {
        try RowVerifier(kernels: kernels).verify(
          streams, against: $0, type: .bf16, rows: rows, columns: columns, encoding: encoding,
          options: RowVerifier.Options(largestDeviation: deviation))
      }
    }
  }

  /// Moves the code of a column of row 1 by one, without leaving the alphabet on either side.
  mutating func moveCode(column: Int) {
    if encoding.kind == .int8 {
      let index = columns + column
      let code = Int8(bitPattern: streams[0][index])
      streams[0][index] = UInt8(bitPattern: code + (code < 0 ? 1 : -1))
    } else {
      let index = (columns + 1) / 2 + column / 2
      let shift = column % 2 * 4
      let code = streams[0][index] >> shift & 15
      let isHigh = encoding.kind != .int4Symmetric ? code > 7 : code < 8 && code > 0 || code > 8
      streams[0][index] = streams[0][index] & ~(15 << shift) | (isHigh ? code - 1 : code + 1) << shift
    }
  }

  mutating func setScale(_ index: Int, _ scale: Float) {
    let width = encoding.scaleType.byteWidth
    for byte in 0..<width {
      let shift = UInt32(8 * (byte + 4 - width))
      streams[1][index * width + byte] = UInt8(truncatingIfNeeded: scale.bitPattern >> shift)
    }
  }

  func scale(_ index: Int) -> Float {
    let width = encoding.scaleType.byteWidth
    return Float(
      bitPattern: (0..<width).reduce(0) {
        $0 | UInt32(streams[1][index * width + $1]) << UInt32(8 * ($1 + 4 - width))
      })
  }

  mutating func setColumnScale(_ column: Int, _ scale: Float) {
    let last = streams.count - 1
    streams[last][2 * column] = UInt8(truncatingIfNeeded: scale.bitPattern >> 16)
    streams[last][2 * column + 1] = UInt8(truncatingIfNeeded: scale.bitPattern >> 24)
  }
}
