import Foundation
import NumericKernels
import TestSupport
import Testing

/// The kernels of attention against sums that are written the long way, in float64.
@Suite struct AttentionKernelTests {
  /// What rows are held as.
  enum Form: String, CaseIterable, Sendable { case float32, bf16, int8 }

  /// Numbers of rows in one form, and what they stand for.
  struct Stored {
    let form: Form
    let stride: Int
    private var floats: [Float] = []
    private var halves: [UInt16] = []
    private var codes: [Int8] = []
    private var scales: [Float] = []
    let exact: [[Double]]

    /// Draws rows; `padding` numbers follow each of them.
    init(_ form: Form, rows: Int, columns: Int, padding: Int, using generator: inout some RandomNumberGenerator) {
      self.form = form
      stride = columns + padding
      var exact: [[Double]] = []
      for _ in 0..<rows {
        let scale = Float.random(in: 0.001...0.1, using: &generator)
        var row: [Double] = []
        for column in 0..<stride {
          // What lies between the rows must not be used.
          let isInside = column < columns
          let code = isInside ? Int8.random(in: -127...127, using: &generator) : 127
          let value = isInside ? Float.random(in: -2...2, using: &generator) : .nan
          let half = UInt16(value.bitPattern >> 16)
          floats.append(value)
          halves.append(half)
          codes.append(code)
          guard isInside else { continue }
          switch form {
          case .float32: row.append(Double(value))
          case .bf16: row.append(Double(Float(bitPattern: UInt32(half) << 16)))
          case .int8: row.append(Double(scale) * Double(code))
          }
        }
        scales.append(scale)
        exact.append(row)
      }
      self.exact = exact
    }

    func withRows<Result>(_ body: (AttentionRows) throws -> Result) rethrows -> Result {
      try floats.withUnsafeBufferPointer { floats in
        try halves.withUnsafeBufferPointer { halves in
          try codes.withUnsafeBufferPointer { codes in
            try scales.withUnsafeBufferPointer { scales in
              guard let floats = floats.baseAddress, let halves = halves.baseAddress, let codes = codes.baseAddress,
                let scales = scales.baseAddress
              else { preconditionFailure("no rows") }
              switch form {
              case .float32: return try body(AttentionRows(floats, stride: stride))
              case .bf16: return try body(AttentionRows(bf16: halves, stride: stride))
              case .int8: return try body(AttentionRows(codes: codes, scales: scales, stride: stride))
              }
            }
          }
        }
      }
    }
  }

  static let widths = [1, 6, 16, 17, 64, 72, 96, 100, 128]

  @Test(arguments: Form.allCases, widths)
  func scores(form: Form, columns: Int) throws {
    for (keyCount, queryCount) in [(1, 1), (3, 2), (4, 1), (37, 3), (70, 4)] {
      var generator = SplitMix64(seed: UInt64(columns * 100 + keyCount))
      let keys = Stored(form, rows: keyCount + 2, columns: columns, padding: 3, using: &generator)
      let queries = (0..<(queryCount * columns)).map { _ in Float.random(in: -1...1, using: &generator) }
      let results = try Levels.all().map { kernels in
        var scores = [Float](repeating: .nan, count: queryCount * (keyCount + 1))
        keys.withRows { rows in
          scores.withUnsafeMutableBufferPointer { scores in
            queries.withUnsafeBufferPointer { queries in
              guard let target = scores.baseAddress, let source = queries.baseAddress else { return }
              kernels.attentionScores(
                rows.dropFirst(2), count: keyCount, queries: source, queryStride: columns, queryCount: queryCount,
                columns: columns, scale: 0.25, into: target, scoreStride: keyCount + 1)
            }
          }
        }
        return scores
      }
      for q in 0..<queryCount {
        for k in 0..<keyCount {
          var (exact, magnitude) = (0.0, 0.0)
          for c in 0..<columns {
            let product = 0.25 * Double(queries[q * columns + c]) * keys.exact[k + 2][c]
            exact += product
            magnitude += abs(product)
          }
          #expect(abs(Double(results[0][q * (keyCount + 1) + k]) - exact) <= 1e-6 * magnitude)
        }
        #expect(results[0][q * (keyCount + 1) + keyCount].isNaN, "a number beyond the keys")
      }
      for result in results { #expect(result.map(\.bitPattern) == results[0].map(\.bitPattern)) }
    }
  }

  @Test(arguments: Form.allCases, widths)
  func values(form: Form, columns: Int) throws {
    for (valueCount, queryCount) in [(1, 1), (3, 2), (33, 1), (37, 3), (70, 4)] {
      var generator = SplitMix64(seed: UInt64(columns * 100 + valueCount))
      let values = Stored(form, rows: valueCount + 1, columns: columns, padding: 5, using: &generator)
      let weights = (0..<(queryCount * valueCount)).map { _ in Float.random(in: 0...1, using: &generator) }
      let start = (0..<(queryCount * (columns + 1))).map { _ in Float.random(in: -1...1, using: &generator) }
      let results = try Levels.all().map { kernels in
        var sums = start
        values.withRows { rows in
          sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeBufferPointer { weights in
              guard let target = sums.baseAddress, let source = weights.baseAddress else { return }
              kernels.attentionValues(
                rows.dropFirst(1), count: valueCount, weights: source, weightStride: valueCount,
                queryCount: queryCount, columns: columns, addingTo: target, sumStride: columns + 1)
            }
          }
        }
        return sums
      }
      for q in 0..<queryCount {
        for c in 0..<columns {
          var exact = Double(start[q * (columns + 1) + c])
          var magnitude = abs(exact)
          for r in 0..<valueCount {
            let product = Double(weights[q * valueCount + r]) * values.exact[r + 1][c]
            exact += product
            magnitude += abs(product)
          }
          #expect(abs(Double(results[0][q * (columns + 1) + c]) - exact) <= 3e-6 * magnitude)
        }
        #expect(results[0][q * (columns + 1) + columns] == start[q * (columns + 1) + columns])
      }
      for result in results { #expect(result.map(\.bitPattern) == results[0].map(\.bitPattern)) }
    }
  }

  /// Scores in blocks of any lengths, in one softmax or in several that are put together, weigh values alike.
  @Test(arguments: [[50], [16, 34], [1, 48, 1], [17, 3, 30]], [false, true])
  func softmax(blocks: [Int], isSplit: Bool) throws {
    var generator = SplitMix64(seed: 5)
    let count = blocks.reduce(0, +)
    var scores = (0..<count).map { _ in Float.random(in: -30...30, using: &generator) }
    for hidden in [0, 20, 49] { scores[hidden] = -.infinity }
    let columns = 5
    let values = Stored(.float32, rows: count, columns: columns, padding: 0, using: &generator)
    let peak = Double(scores.max() ?? 0)
    let weights = scores.map { exp(Double($0) - peak) }
    let total = weights.reduce(0, +)
    let expected = (0..<columns).map { c in (0..<count).reduce(0) { $0 + weights[$1] * values.exact[$1][c] } / total }
    let results = try Levels.all().map { kernels in
      result(scores, values, blocks: blocks, columns: columns, isSplit: isSplit, kernels)
    }
    for result in results {
      #expect(result.map(\.bitPattern) == results[0].map(\.bitPattern))
      for (found, exact) in zip(result, expected) { #expect(abs(Double(found) - exact) <= 2e-6) }
    }
  }

  private func result(
    _ scores: [Float], _ values: Stored, blocks: [Int], columns: Int, isSplit: Bool, _ kernels: KernelSet
  ) -> [Float] {
    var states = [AttentionSoftmax](repeating: AttentionSoftmax(), count: isSplit ? blocks.count : 1)
    var sums = [Float](repeating: 0, count: states.count * columns)
    var first = 0
    for (number, length) in blocks.enumerated() {
      let part = isSplit ? number : 0
      var row = Array(scores[first..<(first + length)])
      row.withUnsafeMutableBufferPointer { row in
        sums.withUnsafeMutableBufferPointer { sums in
          let own = UnsafeMutableBufferPointer(rebasing: sums[(part * columns)..<((part + 1) * columns)])
          kernels.attentionWeights(row, softmax: &states[part], sums: own)
          values.withRows { rows in
            guard let weights = row.baseAddress, let target = own.baseAddress else { return }
            kernels.attentionValues(
              rows.dropFirst(first), count: length, weights: weights, weightStride: length, queryCount: 1,
              columns: columns, addingTo: target, sumStride: columns)
          }
        }
      }
      first += length
    }
    var result = [Float](repeating: .nan, count: columns)
    states.withUnsafeBufferPointer { states in
      sums.withUnsafeBufferPointer { sums in
        result.withUnsafeMutableBufferPointer { result in
          guard let source = sums.baseAddress else { return }
          kernels.attentionResult(states, sums: source, partStride: columns, into: result)
        }
      }
    }
    return result
  }

  @Test func nothingVisibleGivesZerosAndNaNStays() throws {
    for kernels in try Levels.all() {
      var random = SplitMix64(seed: 1)
      let values = Stored(.float32, rows: 3, columns: 2, padding: 0, using: &random)
      let hidden = [Float](repeating: -.infinity, count: 3)
      #expect(result(hidden, values, blocks: [2, 1], columns: 2, isSplit: false, kernels) == [0, 0])
      #expect(result(hidden, values, blocks: [2, 1], columns: 2, isSplit: true, kernels) == [0, 0])
      let broken = result([1, .nan, 2], values, blocks: [2, 1], columns: 2, isSplit: false, kernels)
      #expect(broken.allSatisfy { $0.isNaN })
    }
  }

  @Test(arguments: Form.allCases, widths)
  func widening(form: Form, columns: Int) throws {
    var generator = SplitMix64(seed: UInt64(columns))
    let stored = Stored(form, rows: 5, columns: columns, padding: 2, using: &generator)
    for kernels in try Levels.all() {
      var target = [Float](repeating: .nan, count: 4 * columns)
      stored.withRows { rows in
        target.withUnsafeMutableBufferPointer { target in
          guard let base = target.baseAddress else { return }
          kernels.widen(rows.dropFirst(1), count: 4, columns: columns, into: base)
        }
      }
      // One product of a code and a scale, rounded once.
      #expect(target == stored.exact[1...].joined().map { Float($0) })
    }
  }

  @Test(arguments: [1, 15, 16, 17, 96])
  func quantizing(count: Int) throws {
    var generator = SplitMix64(seed: UInt64(count))
    let values = (0..<count).map { _ in Float.random(in: -3...3, using: &generator) }
    let peak = values.map(abs).max() ?? 0
    let results = try Levels.all().map { quantize(values, $0) }
    for result in results {
      #expect(result.scale == peak / 127 && result.scale == results[0].scale && result.codes == results[0].codes)
      #expect(result.codes.map { abs($0) }.max() == 127)
      for (value, code) in zip(values, result.codes) {
        #expect(abs(value - result.scale * Float(code)) <= 0.50001 * result.scale)
      }
    }
    for kernels in try Levels.all() {
      let nothing = quantize([Float](repeating: 1e-35, count: count), kernels)
      #expect(nothing.scale == 0 && nothing.codes.allSatisfy { $0 == 0 })
      for broken in [Float.nan, .infinity, -.infinity] {
        #expect(quantize(values.dropLast() + [broken], kernels).scale.isNaN)
      }
    }
  }

  private func quantize(_ values: [Float], _ kernels: KernelSet) -> (scale: Float, codes: [Int8]) {
    var codes = [Int8](repeating: 99, count: values.count)
    let scale = codes.withUnsafeMutableBufferPointer { codes in
      values.withUnsafeBufferPointer { kernels.quantize($0, into: codes) }
    }
    return (scale, codes)
  }
}
