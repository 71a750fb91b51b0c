import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// The fast path against the plain definition, bit for bit.
@Suite struct RowQuantizerTests {
  static let narrow = [1, 2, 31, 32, 33, 47, 64, 140]

  private func compare(
    _ distribution: Distribution, _ encoding: TensorEncoding, type: DType, rows: Int, columns: Int,
    _ sets: [KernelSet]
  ) throws {
    let values = distribution.values(rows * columns, as: type, seed: UInt64(columns))
    let expected = Encodings.reference(values, columns: columns, encoding: encoding)
    let streams = Encodings.streams(of: expected, encoding: encoding)
    let decoded = expected.flatMap { $0.flatMap(\.decoded) }.map(\.bitPattern)
    for kernels in sets {
      let what = "\(distribution) \(encoding.name) \(type) \(rows)x\(columns) on \(kernels.level)"
      let (encoded, statistics) = try Encodings.encode(
        values, type: type, columns: columns, encoding: encoding, kernels)
      #expect(encoded.streams == streams, "\(what)")
      #expect(Encodings.decode(encoded, kernels).map(\.bitPattern) == decoded, "\(what)")
      #expect(statistics.moments.count == values.count)
      #expect(statistics.moments.minimum == values.min() && statistics.moments.maximum == values.max())
      let error = zip(values, decoded.map(Float.init(bitPattern:))).reduce(0.0) { sum, pair in
        sum + (Double(pair.0) - Double(pair.1)) * (Double(pair.0) - Double(pair.1))
      }
      #expect(abs(statistics.difference.errorEnergy - error) <= 1e-12 * error, "\(what)")
    }
  }

  @Test(arguments: Encodings.all, [DType.bf16, .f16, .f32])
  func narrowRowsAreThoseOfTheReference(encoding: TensorEncoding, type: DType) throws {
    let sets = try Encodings.kernelSets()
    for distribution in Distribution.allCases {
      for columns in Self.narrow {
        try compare(distribution, encoding, type: type, rows: 19 * 32 / (columns + 31), columns: columns, sets)
      }
    }
  }

  @Test(arguments: Encodings.all)
  func wideRowsAreThoseOfTheReference(encoding: TensorEncoding) throws {
    let sets = try Encodings.kernelSets()
    for (distribution, type) in zip([Distribution.gaussian, .oneOutlier, .faint], [DType.bf16, .f16, .f32]) {
      try compare(distribution, encoding, type: type, rows: 2, columns: 4304, sets)
    }
  }

  /// More values than the quantizer takes at a time: 65 536.
  @Test(arguments: Encodings.all)
  func cuttingRowsIntoBlocksChangesNothing(encoding: TensorEncoding) throws {
    let (rows, columns) = (700, 140)
    let values = Distribution.mixed.values(rows * columns, as: .bf16, seed: 77)
    let bytes = DType.bf16.bytes(of: values)
    let quantizer = RowQuantizer(kernels: try KernelSet.forThisMachine(named: nil))
    func encode(_ part: Range<Int>) throws -> [[UInt8]] {
      try bytes.withUnsafeBytes { all in
        let source = UnsafeRawBufferPointer(rebasing: all[(part.lowerBound * 280)..<(part.upperBound * 280)])
        return try quantizer.encode(source, type: .bf16, columns: columns, encoding: encoding).rows.streams
      }
    }
    let whole = try encode(0..<rows)
    for step in [1, 7, 468, 469] {
      var pieces = whole.map { _ in [UInt8]() }
      for first in stride(from: 0, to: rows, by: step) {
        for (index, stream) in try encode(first..<min(first + step, rows)).enumerated() { pieces[index] += stream }
      }
      #expect(pieces == whole, "\(step) rows at a time")
    }
  }

  @Test func noRows() throws {
    for kernels in try Encodings.kernelSets() {
      for encoding in Encodings.all {
        let (rows, statistics) = try Encodings.encode([], type: .bf16, columns: 64, encoding: encoding, kernels)
        #expect(rows.rowCount == 0)
        #expect(rows.streams.map(\.count).reduce(0, +) == 0)
        #expect(statistics.moments.count == 0)
      }
    }
  }

  @Test func zerosHaveTheScaleOne() throws {
    for kernels in try Encodings.kernelSets() {
      let int8 = try Encodings.encode(
        [0, -0.0, 0], type: .f32, columns: 3, encoding: .int8PerChannel, kernels)
      #expect(int8.rows.streams == [[0, 0, 0], [0, 0, 0x80, 0x3F]])
      let encoding = try #require(TensorEncoding(kind: .int4Asymmetric, groupSize: 32))
      let int4 = try Encodings.encode([0, 0, 0], type: .bf16, columns: 3, encoding: encoding, kernels)
      #expect(int4.rows.streams == [[0, 0], [0x80, 0x3F], [0]])
      // The entry that is 0 is the ninth; the unused half byte stays 0.
      let grid = try #require(TensorEncoding(kind: .int4NonLinear, groupSize: 32))
      let nonLinear = try Encodings.encode([0, -0.0, 0], type: .bf16, columns: 3, encoding: grid, kernels)
      #expect(nonLinear.rows.streams == [[0x88, 0x08], [0x80, 0x3F]])
      #expect(Encodings.decode(nonLinear.rows, kernels).map(\.bitPattern) == [0, 0, 0])
    }
  }

  /// A power of two changes scales only, as long as nothing leaves the range of normal numbers.
  @Test(arguments: Encodings.all, [-100, -60, 10])
  func powersOfTwoChangeScalesOnly(encoding: TensorEncoding, exponent: Int) throws {
    let factor = Float(sign: .plus, exponent: exponent, significand: 1)
    let values = Distribution.gaussian.values(4 * 140, as: .bf16, seed: 21)
    let kernels = try KernelSet.forThisMachine(named: nil)
    let plain = try Encodings.encode(values, type: .bf16, columns: 140, encoding: encoding, kernels).rows
    let scaled = try Encodings.encode(
      values.map { $0 * factor }, type: .f32, columns: 140, encoding: encoding, kernels
    ).rows
    #expect(scaled.streams[0] == plain.streams[0])
    #expect(Encodings.decode(scaled, kernels) == Encodings.decode(plain, kernels).map { $0 * factor })
  }

  private static let damaged: [(Float, FusionError.Code, String)] = [
    (.nan, .nonfiniteWeight, "nan"), (.infinity, .nonfiniteWeight, "inf"), (-.infinity, .nonfiniteWeight, "-inf"),
    (1e9, .absurdWeight, "1e+09"), (-1e9, .absurdWeight, "-1e+09"), (Float(1e8).nextUp, .absurdWeight, "1.0000001e+08"),
  ]

  @Test(arguments: Encodings.all)
  func damagedWeightsAreRefusedWithTheirPlace(encoding: TensorEncoding) throws {
    let (rows, columns) = (3000, 47)
    for kernels in try Encodings.kernelSets() {
      for (index, (value, code, found)) in Self.damaged.enumerated() {
        // In the first block, at its edges, and in a later block than the first.
        let position = [0, 46, 47, 65_535, 65_536, rows * columns - 1][index]
        var values = [Float](repeating: 0.5, count: rows * columns)
        values[position] = value
        let error = #expect(throws: FusionError.self) {
          _ = try Encodings.encode(values, type: .f32, columns: columns, encoding: encoding, kernels)
        }
        #expect(error?.code == code)
        #expect(error?.place == "row \(position / columns), column \(position % columns)")
        #expect(error?.expected == "finite values of at most 1e+08")
        #expect(error?.found == Float(found).map { "\($0)" })
      }
    }
  }

  @Test func theLargestPermittedWeightIsTaken() throws {
    for kernels in try Encodings.kernelSets() {
      for encoding in Encodings.all {
        let values: [Float] = [1e8, -1e8, 1]
        let rows = try Encodings.encode(values, type: .f32, columns: 3, encoding: encoding, kernels).rows
        let decoded = Encodings.decode(rows, kernels)
        #expect(zip(values, decoded).allSatisfy { abs($0 - $1) < 1e7 }, "\(encoding.name) gives \(decoded)")
      }
    }
  }

  /// A NaN counts before a large number that stands earlier.
  @Test func nonfiniteComesFirst() throws {
    for kernels in try Encodings.kernelSets() {
      let error = #expect(throws: FusionError.self) {
        _ = try Encodings.encode([1e9, 0, .nan], type: .f32, columns: 1, encoding: .int8PerChannel, kernels)
      }
      #expect(error?.code == .nonfiniteWeight)
      #expect(error?.place == "row 2, column 0")
    }
  }
}
