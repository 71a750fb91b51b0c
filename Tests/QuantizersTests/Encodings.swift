import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// What the quantizer tests run over, and the plain way to encode a row.
enum Encodings {
  /// Every quantized kind with every permitted group size.
  static let all: [TensorEncoding] = TensorEncoding.Kind.allCases.filter { $0 != .verbatim }.flatMap { kind in
    TensorEncoding.permittedGroupSizes.sorted().compactMap { TensorEncoding(kind: kind, groupSize: $0) }
  }

  /// The same with column scales.
  static let columnScaled: [TensorEncoding] = all.compactMap {
    TensorEncoding(kind: $0.kind, groupSize: $0.groupSize, hasColumnScales: true)
  }

  /// Scales of columns that bfloat16 holds, from 1/16 to 16.
  static func columnScales(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let exponent = Int.random(in: -4...3, using: &generator)
      let significand = Float.random(in: 1..<2, using: &generator)
      return DType.bf16.nearest(to: Float(sign: .plus, exponent: exponent, significand: significand))
    }
  }

  /// Weights of squared errors, some of them 0.
  static func errorWeights(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let weight = Float.random(in: 0.001...1, using: &generator)
      return Int.random(in: 0..<10, using: &generator) == 0 ? 0 : 100 * weight * weight * weight
    }
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

  /// Encodes whole rows in a coding with the row quantizer.
  static func encode(
    _ values: [Float], type: DType, columns: Int, coding: RowCoding, _ kernels: KernelSet
  ) throws -> (rows: EncodedRows, statistics: QuantizationStatistics) {
    try type.bytes(of: values).withUnsafeBytes {
      try RowQuantizer(kernels: kernels).encode($0, type: type, columns: columns, coding: coding)
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

  /// The reference's groups of a coding without steps and feedback, row by row.
  static func reference(_ values: [Float], columns: Int, coding: RowCoding) -> [[ReferenceQuantizer.Group]] {
    let encoding = coding.encoding
    let search = ScaleSearch.standard(for: encoding)
    let scales = coding.columnScales
    let divided = scales.isEmpty ? values : values.enumerated().map { $1 / scales[$0 % columns] }
    let weights =
      coding.errorWeights.isEmpty
      ? [] : groups(of: coding.errorWeights, columns: columns, encoding: encoding)[0]
    return groups(of: divided, columns: columns, encoding: encoding).map { row in
      row.enumerated().map { index, group in
        ReferenceQuantizer.quantize(
          group, search: search, asymmetric: encoding.kind == .int4Asymmetric,
          weights: weights.isEmpty ? [] : weights[index])
      }
    }
  }

  /// The stream of column scales: the upper halves of float32 numbers.
  static func stream(columnScales: [Float]) -> [UInt8] { DType.bf16.bytes(of: columnScales) }

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
