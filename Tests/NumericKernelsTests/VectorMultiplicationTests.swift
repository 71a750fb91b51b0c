import FusionCore
import NumericKernels
import TestSupport
import Testing

/// Matrix times vector against the definition of each encoding in float64.
@Suite struct VectorMultiplicationTests {
  private func multiplied(_ matrix: EncodedMatrix, rows: Range<Int>, _ x: [Float], _ kernels: KernelSet) -> [Float] {
    var result = [Float](repeating: .nan, count: rows.count)
    x.withUnsafeBufferPointer { vector in
      result.withUnsafeMutableBufferPointer { kernels.multiply(matrix, rows: rows, by: vector, into: $0) }
    }
    return result
  }

  @Test(arguments: StoredMatrix.encodings, [1, 2, 15, 16, 17, 31, 32, 33, 47, 63, 100, 255, 272, 801, 4304])
  func agreesWithTheDefinition(encoding: (TensorEncoding, DType), columns: Int) throws {
    // Two groups of four rows that go through together, and three rows that go alone.
    let stored = StoredMatrix(
      encoding: encoding.0, dtype: encoding.1, rowCount: 11, columnCount: columns, seed: UInt64(columns))
    var generator = SplitMix64(seed: 70 + UInt64(columns))
    let x = (0..<columns).map { _ in Float.random(in: -2...2, using: &generator) }
    let results = try Levels.all().map { kernels in
      stored.with { multiplied($0, rows: 0..<11, x, kernels) }
    }
    for row in 0..<11 {
      let exact = stored.product(row: row, x)
      #expect(abs(Double(results[0][row]) - exact.value) <= 2e-6 * exact.magnitude, "row \(row)")
    }
    for result in results { #expect(result.map(\.bitPattern) == results[0].map(\.bitPattern)) }
  }

  /// The result of a row is the same bits whichever rows are asked for with it.
  @Test(arguments: StoredMatrix.encodings)
  func rowsDoNotDependOnEachOther(encoding: TensorEncoding, dtype: DType) throws {
    let stored = StoredMatrix(encoding: encoding, dtype: dtype, rowCount: 9, columnCount: 300, seed: 71)
    var generator = SplitMix64(seed: 72)
    let x = (0..<300).map { _ in Float.random(in: -2...2, using: &generator) }
    for kernels in try Levels.all() {
      stored.with { matrix in
        let all = multiplied(matrix, rows: 0..<9, x, kernels)
        for rows in [0..<0, 0..<1, 2..<9, 3..<7, 8..<9] {
          #expect(multiplied(matrix, rows: rows, x, kernels) == Array(all[rows]))
        }
      }
    }
  }

  /// Weights of zero give zero, not what is left of a code that was shifted and a correction.
  @Test(arguments: StoredMatrix.quantized.filter { $0.kind != .int4Asymmetric })
  func zeroCodesGiveZero(encoding: TensorEncoding) throws {
    var generator = SplitMix64(seed: 73)
    let x = (0..<96).map { _ in Float.random(in: -2...2, using: &generator) }
    let zero: UInt8 = encoding.kind == .int4NonLinear ? 0x88 : 0
    let codes = [UInt8](repeating: zero, count: encoding.kind == .int8 ? 96 : 48)
    let scales = [UInt8](repeating: 0x3F, count: encoding.groupCount(columns: 96) * encoding.scaleType.byteWidth)
    for kernels in try Levels.all() {
      codes.withUnsafeBytes { codeBytes in
        scales.withUnsafeBytes { scaleBytes in
          let matrix = EncodedMatrix(
            encoding: encoding, dtype: .bf16, rowCount: 1, columnCount: 96, streams: [codeBytes, scaleBytes])
          #expect(multiplied(matrix, rows: 0..<1, x, kernels) == [0])
        }
      }
    }
  }

  /// A matrix whose rows lie apart gives the bits of the same rows side by side.
  @Test(arguments: StoredMatrix.encodings, [1, 4, 7, 11])
  func rowsThatLieApart(encoding: (TensorEncoding, DType), rowsPerPart: Int) throws {
    let columns = 100
    let stored = StoredMatrix(
      encoding: encoding.0, dtype: encoding.1, rowCount: 11, columnCount: columns, seed: 73)
    var generator = SplitMix64(seed: 74)
    let x = (0..<columns).map { _ in Float.random(in: -2...2, using: &generator) }
    for kernels in try Levels.all() {
      stored.with { matrix in
        let parts = EncodedMatrix(parts: stored.parts(of: matrix, rowsPerPart: rowsPerPart))
        #expect(parts.rowCount == 11)
        for rows in [0..<11, 0..<1, 3..<9, 10..<11, 5..<5] {
          let (a, b) = (multiplied(parts, rows: rows, x, kernels), multiplied(matrix, rows: rows, x, kernels))
          #expect(a.map(\.bitPattern) == b.map(\.bitPattern), "\(rows)")
        }
      }
    }
  }
}
