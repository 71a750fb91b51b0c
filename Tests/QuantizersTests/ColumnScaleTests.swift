import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// Column scales and weighted errors against the plain definition, bit for bit.
@Suite struct ColumnScaleTests {
  private func compare(
    _ distribution: Distribution, _ coding: RowCoding, type: DType, rows: Int, columns: Int, _ sets: [KernelSet]
  ) throws {
    let encoding = coding.encoding
    let values = distribution.values(rows * columns, as: type, seed: UInt64(columns))
    let expected = Encodings.reference(values, columns: columns, coding: coding)
    var streams = Encodings.streams(of: expected, encoding: encoding)
    var decoded = expected.flatMap { $0.flatMap(\.decoded) }
    if encoding.hasColumnScales {
      streams.append(Encodings.stream(columnScales: coding.columnScales))
      for index in decoded.indices { decoded[index] *= coding.columnScales[index % columns] }
    }
    for kernels in sets {
      let what = "\(distribution) \(encoding.name) \(type) \(rows)x\(columns) on \(kernels.level)"
      let (encoded, statistics) = try Encodings.encode(values, type: type, columns: columns, coding: coding, kernels)
      #expect(encoded.streams == streams, "\(what)")
      #expect(Encodings.decode(encoded, kernels).map(\.bitPattern) == decoded.map(\.bitPattern), "\(what)")
      #expect(statistics.largestDeviation == nil)
      #expect(statistics.moments.minimum == values.min() && statistics.moments.maximum == values.max())
      let error = zip(values, decoded).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      #expect(abs(statistics.difference.errorEnergy - error) <= 1e-5 * error, "\(what)")
    }
  }

  @Test(arguments: Encodings.columnScaled)
  func namesAndStreams(encoding: TensorEncoding) throws {
    let suffix = encoding.groupSize == 0 ? "" : "-g\(encoding.groupSize)"
    #expect(encoding.name == "\(encoding.kind.rawValue)-cs\(suffix)")
    #expect(TensorEncoding(label: encoding.label, groupSize: encoding.groupSize) == encoding)
    let plain = try #require(TensorEncoding(kind: encoding.kind, groupSize: encoding.groupSize))
    let shape = Shape.matrix(rows: 9, columns: 47)
    let streams = try #require(encoding.streams(shape: shape, dtype: .bf16))
    #expect(streams.dropLast() == plain.streams(shape: shape, dtype: .bf16)?[...])
    let last = try #require(streams.last)
    #expect(last.kind == .columnScales && last.kind.rawValue == 5 && last.span == .tensor)
    #expect(last.unitByteCount == 94 && last.elementByteCount == 2)
    #expect(last.byteCount(rows: 0) == 94 && last.byteCount(rows: 9) == 94 && last.range(rows: 3..<5) == 0..<94)
    #expect(TensorEncoding(kind: .verbatim, groupSize: 0, hasColumnScales: true) == nil)
    #expect(TensorEncoding(label: "verbatim-cs", groupSize: 0) == nil)
  }

  @Test(arguments: Encodings.columnScaled, [DType.bf16, .f16, .f32])
  func narrowRowsAreThoseOfTheReference(encoding: TensorEncoding, type: DType) throws {
    let sets = try Encodings.kernelSets()
    for distribution in Distribution.allCases {
      for columns in RowQuantizerTests.narrow {
        let coding = RowCoding(
          encoding: encoding, columnScales: Encodings.columnScales(columns, seed: UInt64(columns)),
          errorWeights: columns % 2 == 0 ? [] : Encodings.errorWeights(columns, seed: UInt64(columns)))
        try compare(distribution, coding, type: type, rows: 19 * 32 / (columns + 31), columns: columns, sets)
      }
    }
  }

  @Test(arguments: Encodings.all)
  func errorsMayBeWeightedWithoutColumnScales(encoding: TensorEncoding) throws {
    let sets = try Encodings.kernelSets()
    for distribution in Distribution.allCases {
      for columns in [1, 31, 33, 140] {
        let coding = RowCoding(encoding: encoding, errorWeights: Encodings.errorWeights(columns, seed: 5))
        try compare(distribution, coding, type: .bf16, rows: 7, columns: columns, sets)
      }
    }
  }

  @Test(arguments: Encodings.columnScaled)
  func wideRowsAreThoseOfTheReference(encoding: TensorEncoding) throws {
    let sets = try Encodings.kernelSets()
    let coding = RowCoding(
      encoding: encoding, columnScales: Encodings.columnScales(4304, seed: 1),
      errorWeights: Encodings.errorWeights(4304, seed: 2))
    for (distribution, type) in zip([Distribution.gaussian, .oneOutlier, .faint], [DType.bf16, .f16, .f32]) {
      try compare(distribution, coding, type: type, rows: 2, columns: 4304, sets)
    }
  }

  /// Equal weights are no weights, whatever they are: nothing is rounded by a power of two.
  @Test(arguments: Encodings.all)
  func equalWeightsAreNoWeights(encoding: TensorEncoding) throws {
    let values = Distribution.laplacian.values(5 * 140, as: .bf16, seed: 8)
    for kernels in try Encodings.kernelSets() {
      let plain = try Encodings.encode(values, type: .bf16, columns: 140, encoding: encoding, kernels).rows.streams
      for weight in [Float(1), 0x1p-10, 0x1p20] {
        let coding = RowCoding(encoding: encoding, errorWeights: [Float](repeating: weight, count: 140))
        let rows = try Encodings.encode(values, type: .bf16, columns: 140, coding: coding, kernels).rows
        #expect(rows.streams == plain, "\(weight)")
      }
    }
  }

  @Test(arguments: Encodings.all.filter { $0.kind != .int8 })
  func weightsLowerTheWeightedError(encoding: TensorEncoding) throws {
    let kernels = try KernelSet.forThisMachine(named: nil)
    let columns = 256
    let weights = Encodings.errorWeights(columns, seed: 3)
    let values = Distribution.gaussian.values(64 * columns, as: .f32, seed: 9)
    let errors = try [[], weights].map { weighting in
      let coding = RowCoding(encoding: encoding, errorWeights: weighting)
      let rows = try Encodings.encode(values, type: .f32, columns: columns, coding: coding, kernels).rows
      return zip(values, Encodings.decode(rows, kernels)).enumerated().reduce(0.0) { sum, pair in
        let difference = Double(pair.element.0 - pair.element.1)
        return sum + Double(weights[pair.offset % columns]) * difference * difference
      }
    }
    #expect(errors[1] < 0.98 * errors[0], "\(errors)")
  }

  /// Columns that are larger by powers of two come back with the same codes.
  @Test(arguments: Encodings.columnScaled)
  func scaledColumnsHaveTheCodesOfPlainOnes(encoding: TensorEncoding) throws {
    let columns = 47
    let values = Distribution.gaussian.values(6 * columns, as: .bf16, seed: 4)
    let scales = (0..<columns).map { Float(sign: .plus, exponent: $0 % 7 - 3, significand: 1) }
    let scaled = values.enumerated().map { $1 * scales[$0 % columns] }
    let plain = try #require(TensorEncoding(kind: encoding.kind, groupSize: encoding.groupSize))
    for kernels in try Encodings.kernelSets() {
      let expected = try Encodings.encode(values, type: .bf16, columns: columns, encoding: plain, kernels).rows
      let coding = RowCoding(encoding: encoding, columnScales: scales)
      let found = try Encodings.encode(scaled, type: .bf16, columns: columns, coding: coding, kernels).rows
      #expect(found.streams.dropLast() == expected.streams[...])
      #expect(found.streams.last == Encodings.stream(columnScales: scales))
      #expect(
        Encodings.decode(found, kernels)
          == Encodings.decode(expected, kernels).enumerated().map { $1 * scales[$0 % columns] })
    }
  }

  /// Column scales can be left to whoever multiplies.
  @Test func decodingWithoutColumnScales() throws {
    let encoding = try #require(TensorEncoding(kind: .int4Asymmetric, groupSize: 16, hasColumnScales: true))
    let scales = Encodings.columnScales(47, seed: 6)
    let values = Distribution.gaussian.values(3 * 47, as: .bf16, seed: 6)
    for kernels in try Encodings.kernelSets() {
      let coding = RowCoding(encoding: encoding, columnScales: scales)
      let rows = try Encodings.encode(values, type: .bf16, columns: 47, coding: coding, kernels).rows
      let decoder = RowDecoder(kernels: kernels, encoding: encoding, columns: 47)
      var plain = [Float](repeating: .nan, count: values.count)
      let found = StreamBytes.withBytes(of: rows.streams) { streams in
        plain.withUnsafeMutableBufferPointer { decoder.decodeWithoutColumnScales(streams, rows: 3, into: $0) }
        return decoder.columnScales(streams)
      }
      #expect(found == scales)
      #expect(plain.enumerated().map { $1 * scales[$0 % 47] } == Encodings.decode(rows, kernels))
    }
  }

  /// What all rows share is in every piece; everything else is cut like the rows.
  @Test(arguments: Encodings.columnScaled)
  func cuttingRowsIntoBlocksChangesNothing(encoding: TensorEncoding) throws {
    let (rows, columns) = (700, 140)
    let values = Distribution.mixed.values(rows * columns, as: .bf16, seed: 77)
    let kernels = try KernelSet.forThisMachine(named: nil)
    var codings = [
      RowCoding(
        encoding: encoding, columnScales: Encodings.columnScales(columns, seed: 7),
        errorWeights: Encodings.errorWeights(columns, seed: 7))
    ]
    if encoding == .int8ColumnScaled {
      let step = RowStep(factor: 0.03, quarters: 3)
      codings.append(RowCoding(encoding: encoding, columnScales: codings[0].columnScales, step: step))
    }
    for coding in codings {
      func encode(_ part: Range<Int>) throws -> [[UInt8]] {
        let some = Array(values[(part.lowerBound * columns)..<(part.upperBound * columns)])
        return try Encodings.encode(some, type: .bf16, columns: columns, coding: coding, kernels).rows.streams
      }
      let whole = try encode(0..<rows)
      for step in [1, 7, 468, 469] {
        var pieces = whole.dropLast().map { _ in [UInt8]() }
        for first in stride(from: 0, to: rows, by: step) {
          let streams = try encode(first..<min(first + step, rows))
          for index in pieces.indices { pieces[index] += streams[index] }
          #expect(streams.last == whole.last)
        }
        #expect(pieces == Array(whole.dropLast()), "\(step) rows at a time")
      }
    }
  }
}
