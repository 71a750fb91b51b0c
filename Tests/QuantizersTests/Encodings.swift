import FusionCore
import NumericKernels
import Quantizers
import Testing

/// What the quantizer tests run over, and the plain way to encode a row.
enum Encodings {
  /// Every quantized kind with every permitted group size.
  static let all: [TensorEncoding] = TensorEncoding.Kind.allCases.filter { $0 != .verbatim }.flatMap { kind in
    TensorEncoding.permittedGroupSizes.sorted().compactMap { TensorEncoding(kind: kind, groupSize: $0) }
  }

  /// Kernels of every level that this machine has.
  static func kernelSets() throws -> [KernelSet] {
    let levels = InstructionSetLevel.available
    #expect(levels.contains(.portable))
    return try levels.map { try #require(KernelSet(level: $0)) }
  }

  /// Encodes whole rows with the row quantizer.
  static func encode(
    _ values: [Float], type: DType, columns: Int, encoding: TensorEncoding, _ kernels: KernelSet
  ) throws -> (rows: EncodedRows, statistics: QuantizationStatistics) {
    try type.bytes(of: values).withUnsafeBytes {
      try RowQuantizer(kernels: kernels).encode($0, type: type, columns: columns, encoding: encoding)
    }
  }

  /// Decodes with the row decoder.
  static func decode(_ rows: EncodedRows, _ kernels: KernelSet) -> [Float] {
    var result = [Float](repeating: .nan, count: rows.rowCount * rows.columnCount)
    let decoder = RowDecoder(kernels: kernels, encoding: rows.encoding, columns: rows.columnCount)
    StreamBytes.withBytes(of: rows.streams) { streams in
      result.withUnsafeMutableBufferPointer { decoder.decode(streams, rows: rows.rowCount, into: $0) }
    }
    return result
  }

  /// Values cut into the groups of rows.
  static func groups(of values: [Float], columns: Int, encoding: TensorEncoding) -> [[[Float]]] {
    let size = encoding.groupSize == 0 ? columns : encoding.groupSize
    return stride(from: 0, to: values.count, by: columns).map { row in
      stride(from: row, to: row + columns, by: size).map { Array(values[$0..<min($0 + size, row + columns)]) }
    }
  }

  /// The reference's groups, row by row.
  static func reference(_ values: [Float], columns: Int, encoding: TensorEncoding) -> [[ReferenceQuantizer.Group]] {
    let search = ScaleSearch.standard(for: encoding)
    return groups(of: values, columns: columns, encoding: encoding).map { row in
      row.map { ReferenceQuantizer.quantize($0, search: search, asymmetric: encoding.kind == .int4Asymmetric) }
    }
  }

  /// The streams that groups are stored as, written from the text of `formats/quantization.md`.
  static func streams(of rows: [[ReferenceQuantizer.Group]], encoding: TensorEncoding) -> [[UInt8]] {
    var (codes, scales, zeroPoints): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    for row in rows {
      let rowCodes = row.flatMap(\.codes)
      if encoding.kind == .int8 {
        codes += rowCodes.map { UInt8(bitPattern: $0) }
      } else {
        codes += nibbles(rowCodes.map { UInt8(bitPattern: $0) & 15 })
      }
      for group in row {
        let bits = group.scale.bitPattern
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
        if encoding.groupSize != 0 { #expect(bits & 0xFFFF == 0, "\(group.scale) is no bfloat16") }
        scales += encoding.groupSize == 0 ? bytes : Array(bytes[2...])
      }
      zeroPoints += nibbles(row.map { UInt8($0.zeroPoint) })
    }
    return encoding.kind == .int4Asymmetric ? [codes, scales, zeroPoints] : [codes, scales]
  }

  private static func nibbles(_ values: [UInt8]) -> [UInt8] {
    stride(from: 0, to: values.count, by: 2).map { index in
      values[index] + 16 * (index + 1 < values.count ? values[index + 1] : 0)
    }
  }
}
