import FusionCore
import NumericKernels
import TestSupport
import Testing

/// Matrix times quantized activations against the definition: activations rounded block by block, then float64.
@Suite struct IntegerMultiplicationTests {
  /// Values of several tokens; a few are far out, as activations of language models are.
  private func activations(tokens: Int, columns: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<(tokens * columns)).map { index in
      Float.random(in: -1...1, using: &generator) * (index % columns % 37 == 5 ? 50 : 1)
    }
  }

  /// What the bytes stand for: codes of -127...127 plus the shift with which the step that reaches both ends of a block
  /// is smallest, ties to even.
  private func rounded(_ x: [Float], columns: Int, blockSize: Int) -> [Float] {
    var result = x
    for token in stride(from: 0, to: x.count, by: columns) {
      for start in stride(from: token, to: token + columns, by: blockSize) {
        let block = start..<min(start + blockSize, token + columns)
        let (low, high) = (x[block].reduce(0, min), x[block].reduce(0, max))
        let steps = stride(from: Float(-96), through: 96, by: 32).map { max(high / (127 + $0), -low / (127 - $0)) }
        guard let step = steps.min(), step > 0 else { continue }
        for index in block { result[index] = step * (x[index] * (1 / step)).rounded(.toNearestOrEven) }
      }
    }
    return result
  }

  private func multiplied(
    _ matrix: EncodedMatrix, rows: Range<Int>, _ x: [Float], _ kernels: KernelSet, gap: Int = 0
  ) -> [Float] {
    let layout = QuantizedActivations.Layout(for: matrix)
    let quantized = QuantizedActivations(layout: layout)
    let tokenCount = x.count / matrix.columnCount
    quantized.makeRoom(tokenCount: tokenCount, layout: layout, kernels: kernels)
    x.withUnsafeBufferPointer { x in
      for token in 0..<tokenCount {
        let columns = (token * matrix.columnCount)..<((token + 1) * matrix.columnCount)
        quantized.set(token: token, to: UnsafeBufferPointer(rebasing: x[columns]), kernels)
      }
    }
    let stride = rows.count + gap
    var result = [Float](repeating: -1, count: quantized.tokenCount * stride)
    result.withUnsafeMutableBufferPointer {
      kernels.multiply(
        matrix, rows: rows, by: quantized, into: $0, tokenStride: stride, scratch: MultiplicationScratch())
    }
    return result
  }

  @Test(
    arguments: StoredMatrix.quantized,
    [
      (1, 1, 1), (3, 2, 15), (16, 3, 16), (17, 1, 17), (5, 9, 31), (33, 8, 32), (4, 11, 47), (16, 5, 64), (70, 4, 100),
      (18, 7, 528), (16, 2, 801), (19, 3, 1104), (3, 1, 4304),
    ])
  func agreesWithTheDefinition(encoding: TensorEncoding, size: (rows: Int, tokens: Int, columns: Int)) throws {
    let stored = StoredMatrix(
      encoding: encoding, rowCount: size.rows, columnCount: size.columns, seed: UInt64(size.columns))
    let x = activations(tokens: size.tokens, columns: size.columns, seed: 80 + UInt64(size.columns))
    let near = rounded(x, columns: size.columns, blockSize: encoding.groupSize == 16 ? 16 : 32)
    let results = try Levels.all().map { kernels in
      stored.with { multiplied($0, rows: 0..<size.rows, x, kernels) }
    }
    for token in 0..<size.tokens {
      let vector = Array(near[(token * size.columns)..<((token + 1) * size.columns)])
      for row in 0..<size.rows {
        let exact = stored.product(row: row, vector)
        let found = Double(results[0][token * size.rows + row])
        #expect(abs(found - exact.value) <= 2e-6 * exact.magnitude, "token \(token), row \(row)")
      }
    }
    for result in results { #expect(result.map(\.bitPattern) == results[0].map(\.bitPattern)) }
  }

  /// Blocks whose values lie on one side of zero have steps that are almost half as long.
  @Test(arguments: [(-1, 1, 1 / 254), (0, 1, 1.001 / 446), (-1, 0, 1.001 / 446)] as [(Float, Float, Float)])
  func stepsSuitTheRange(low: Float, high: Float, bound: Float) throws {
    var generator = SplitMix64(seed: 91)
    let x = (0..<64).map { $0 % 32 == 0 ? low : $0 % 32 == 1 ? high : Float.random(in: low...high, using: &generator) }
    // Every row of the unit matrix takes one activation out.
    let codes = (0..<(64 * 64)).map { UInt8($0 % 65 == 0 ? 1 : 0) }
    let scales = (0..<64).flatMap { _ in [0, 0, 0x80, 0x3F] as [UInt8] }
    for kernels in try Levels.all() {
      let found = codes.withUnsafeBytes { codes in
        scales.withUnsafeBytes { scales in
          multiplied(
            EncodedMatrix(
              encoding: .int8PerChannel, dtype: .bf16, rowCount: 64, columnCount: 64, streams: [codes, scales]),
            rows: 0..<64, x, kernels)
        }
      }
      for (value, near) in zip(x, found) { #expect(abs(value - near) <= bound, "\(kernels.level): \(value)") }
    }
  }

  /// Extreme codes everywhere: the integer sums must not saturate or wrap at any level.
  @Test(arguments: StoredMatrix.quantized, [1, -1] as [Float])
  func extremeCodes(encoding: TensorEncoding, sign: Float) throws {
    let columns = 256
    let (byte, code): (UInt8, Double) =
      switch encoding.kind {
      case .int8: (0x81, -127)
      case .int4Symmetric: (0x88, -8)
      case .int4NonLinear: (0, -127)
      default: (0xFF, 15)
      }
    let codes = [UInt8](repeating: byte, count: encoding.kind == .int8 ? columns : columns / 2)
    let groups = encoding.groupCount(columns: columns)
    // One as a float32, or as bfloat16.
    let one: [UInt8] = encoding.groupSize == 0 ? [0, 0, 0x80, 0x3F] : [0x80, 0x3F]
    let scales = (0..<groups).flatMap { _ in one }
    let zeros = [UInt8](repeating: 0, count: encoding.kind == .int4Asymmetric ? (groups + 1) / 2 : 0)
    // Tokens for both kinds of kernels, with steps of one: codes of 127 with the greatest shift.
    let x = [Float](repeating: 223 * sign, count: 8 * columns)
    for kernels in try Levels.all() {
      codes.withUnsafeBytes { codeBytes in
        scales.withUnsafeBytes { scaleBytes in
          zeros.withUnsafeBytes { zeroBytes in
            let streams = [codeBytes, scaleBytes] + (encoding.kind == .int4Asymmetric ? [zeroBytes] : [])
            let matrix = EncodedMatrix(
              encoding: encoding, dtype: .bf16, rowCount: 1, columnCount: columns, streams: streams)
            let expected = code * 223 * Double(sign) * Double(columns)
            for x in [x, Array(x[..<columns])] {
              let found = multiplied(matrix, rows: 0..<1, x, kernels)
              #expect(found.allSatisfy { Double($0) == expected }, "\(kernels.level): \(found) instead of \(expected)")
            }
          }
        }
      }
    }
  }

  /// Any rows, any tokens and any stride give the bits of the whole product, and nothing between them is written.
  @Test(arguments: StoredMatrix.quantized)
  func partsAreTheBitsOfTheWhole(encoding: TensorEncoding) throws {
    let (columns, tokens) = (580, 10)
    let stored = StoredMatrix(encoding: encoding, rowCount: 83, columnCount: columns, seed: 81)
    let x = activations(tokens: tokens, columns: columns, seed: 82)
    for kernels in try Levels.all() {
      stored.with { matrix in
        let all = multiplied(matrix, rows: 0..<83, x, kernels)
        for rows in [0..<1, 5..<83, 64..<81] {
          let part = multiplied(matrix, rows: rows, x, kernels, gap: 3)
          for token in 0..<tokens {
            let found = part[(token * (rows.count + 3))..<((token + 1) * (rows.count + 3))]
            #expect(
              Array(found) == all[(token * 83 + rows.lowerBound)..<(token * 83 + rows.upperBound)] + [-1, -1, -1])
          }
        }
        let single = multiplied(matrix, rows: 0..<83, Array(x[(7 * columns)..<(8 * columns)]), kernels)
        #expect(single == Array(all[(7 * 83)..<(8 * 83)]))
      }
    }
  }

  @Test func aValueThatIsNoNumberMakesItsTokenNaN() throws {
    let stored = StoredMatrix(encoding: .int8PerChannel, rowCount: 3, columnCount: 100, seed: 83)
    for bad in [Float.nan, .infinity, -.infinity] {
      var x = activations(tokens: 3, columns: 100, seed: 84)
      x[150] = bad
      for kernels in try Levels.all() {
        let found = stored.with { multiplied($0, rows: 0..<3, x, kernels) }
        #expect(found.map(\.isNaN) == [false, false, false, true, true, true, false, false, false])
      }
    }
  }

  @Test func zerosAndTinyValuesGiveZero() throws {
    let stored = StoredMatrix(encoding: .int8PerChannel, rowCount: 2, columnCount: 40, seed: 85)
    for value in [0, 1e-38, -0x1p-149] as [Float] {
      for kernels in try Levels.all() {
        let found = stored.with { multiplied($0, rows: 0..<2, [Float](repeating: value, count: 40), kernels) }
        #expect(found == [0, 0])
      }
    }
  }

  /// A matrix whose rows lie apart gives the bits of the same rows side by side.
  @Test(arguments: StoredMatrix.quantized, [5, 16, 40])
  func rowsThatLieApart(encoding: TensorEncoding, rowsPerPart: Int) throws {
    let (columns, tokens) = (100, 3)
    let stored = StoredMatrix(encoding: encoding, rowCount: 83, columnCount: columns, seed: 83)
    let x = activations(tokens: tokens, columns: columns, seed: 84)
    for kernels in try Levels.all() {
      stored.with { matrix in
        let parts = EncodedMatrix(parts: stored.parts(of: matrix, rowsPerPart: rowsPerPart))
        for rows in [0..<83, 4..<6, 30..<81, 82..<83] {
          let (a, b) = (multiplied(parts, rows: rows, x, kernels), multiplied(matrix, rows: rows, x, kernels))
          #expect(a.map(\.bitPattern) == b.map(\.bitPattern), "\(rows)")
        }
      }
    }
  }
}
