import FusionCore
import NumericKernels

/// Reads float32 weights out of the streams of encoded rows.
public struct RowDecoder: Sendable {
  let kernels: KernelSet
  let encoding: TensorEncoding
  let columns: Int
  let groupsPerRow: Int
  let groupSize: Int

  /// Makes a decoder for rows of one width.
  ///
  /// - Parameters:
  ///   - encoding: a quantized encoding.
  ///   - columns: values in a row, at least 1.
  public init(kernels: KernelSet, encoding: TensorEncoding, columns: Int) {
    precondition(encoding.isQuantized && columns > 0, "\(columns) columns as \(encoding.name)")
    self.kernels = kernels
    self.encoding = encoding
    self.columns = columns
    groupsPerRow = encoding.groupCount(columns: columns)
    groupSize = encoding.groupSize == 0 ? columns : encoding.groupSize
  }

  /// Decodes rows: w = s q or w = s (q - z), times the scale of the column where there is one.
  ///
  /// - Parameters:
  ///   - streams: codes, scales and, for asymmetric codes, zero points of exactly these rows; then the scales of the
  ///     columns.
  ///   - rows: number of rows.
  ///   - target: room for `rows` times the columns.
  public func decode(_ streams: [UnsafeRawBufferPointer], rows: Int, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count == rows * columns, "\(target.count) values for \(rows) rows of \(columns)")
    kernels.decode(
      matrix(streams, rows: rows), factors: encoding.hasColumnScales ? columnScales(streams) : [], into: target)
  }

  /// Encoded rows as the kernels see them.
  func matrix(_ streams: [UnsafeRawBufferPointer], rows: Int) -> EncodedMatrix {
    EncodedMatrix(
      encoding: encoding, dtype: .f32, rowCount: rows, columnCount: columns,
      streams: encoding.hasColumnScales ? streams.dropLast() : streams)
  }

  /// The scales of the columns, in float32.
  ///
  /// - Precondition: the encoding has them.
  public func columnScales(_ streams: [UnsafeRawBufferPointer]) -> [Float] {
    precondition(encoding.hasColumnScales, "\(encoding.name) has no scales of columns")
    let stream = streams[streams.count - 1]
    precondition(stream.count == columns * DType.bf16.byteWidth, "\(stream.count) bytes of column scales")
    var scales = [Float](repeating: 0, count: columns)
    scales.withUnsafeMutableBufferPointer { kernels.widen(stream, type: .bf16, into: $0) }
    return scales
  }

  /// Decodes rows as if every column had the scale 1: for those who multiply the other operand with them.
  ///
  /// - Parameters: as for ``decode(_:rows:into:)``.
  public func decodeWithoutColumnScales(
    _ streams: [UnsafeRawBufferPointer], rows: Int, into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(target.count == rows * columns, "\(target.count) values for \(rows) rows of \(columns)")
    kernels.decode(matrix(streams, rows: rows), factors: [], into: target)
  }

  /// One group of one row, as stored.
  struct Group {
    /// Positions of its values in the block of rows.
    let values: Range<Int>
    let codes: UnsafeRawBufferPointer
    let scale: Float
    let zeroPoint: Float
    let row: Int
    let index: Int
  }

  func forEachGroup(
    _ streams: [UnsafeRawBufferPointer], rows: Int, _ body: (Group) throws -> Void
  ) rethrows {
    let isByte = encoding.kind == .int8
    let codeBytesPerRow = isByte ? columns : (columns + 1) / 2
    let zeroBytesPerRow = (groupsPerRow + 1) / 2
    let scaleWidth = encoding.scaleType.byteWidth
    precondition(streams[0].count == rows * codeBytesPerRow, "\(streams[0].count) bytes of codes for \(rows) rows")
    precondition(streams[1].count == rows * groupsPerRow * scaleWidth, "\(streams[1].count) bytes of scales")
    if encoding.kind == .int4Asymmetric {
      precondition(streams[2].count == rows * zeroBytesPerRow, "\(streams[2].count) bytes of zero points")
    }
    for row in 0..<rows {
      for index in 0..<groupsPerRow {
        let column = index * groupSize
        let length = min(groupSize, columns - column)
        let start = row * codeBytesPerRow + (isByte ? column : column / 2)
        let end = start + (isByte ? length : (length + 1) / 2)
        var zeroPoint: Float = 0
        if encoding.kind == .int4Asymmetric {
          let byte = streams[2][row * zeroBytesPerRow + index / 2]
          zeroPoint = Float(index % 2 == 0 ? byte & 15 : byte >> 4)
        }
        let first = row * columns + column
        try body(
          Group(
            values: first..<(first + length), codes: UnsafeRawBufferPointer(rebasing: streams[0][start..<end]),
            scale: scale(streams[1], row * groupsPerRow + index), zeroPoint: zeroPoint, row: row, index: index))
      }
    }
  }

  /// Whether all scales are positive normal numbers and all codes are of the alphabet, unused half bytes of codes being 0.
  func isWellFormed(_ streams: [UnsafeRawBufferPointer]) -> Bool {
    // Without a branch in the loops, so that they are worth a fraction of a cycle for each weight.
    var broken = 0
    if encoding.scaleType == .bf16 {
      for index in 0..<(streams[1].count / 2) {
        let bits = UInt16(littleEndian: streams[1].loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
        broken |= (bits &- 0x0080) < 0x7F00 ? 0 : 1
      }
    } else {
      for index in 0..<(streams[1].count / 4) {
        let bits = UInt32(littleEndian: streams[1].loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        broken |= (bits &- 0x0080_0000) < 0x7F00_0000 ? 0 : 1
      }
    }
    if encoding.kind == .int8 {
      for code in streams[0] { broken |= code == 0x80 ? 1 : 0 }
    } else if columns % 2 != 0 {
      let bytesPerRow = (columns + 1) / 2
      for last in stride(from: bytesPerRow - 1, to: streams[0].count, by: bytesPerRow) {
        broken |= streams[0][last] >> 4 == 0 ? 0 : 1
      }
    }
    return broken == 0
  }

  private func scale(_ stream: UnsafeRawBufferPointer, _ index: Int) -> Float {
    if encoding.scaleType == .bf16 {
      let bits = UInt16(littleEndian: stream.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      return Float(bitPattern: UInt32(bits) << 16)
    }
    return Float(
      bitPattern: UInt32(littleEndian: stream.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
  }
}
