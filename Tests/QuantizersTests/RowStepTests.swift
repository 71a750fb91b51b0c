import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// Rows whose scale follows from their size.
@Suite struct RowStepTests {
  private func scales(of rows: EncodedRows) -> [Float] {
    stride(from: 0, to: rows.streams[1].count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(rows.streams[1][start + $1]) << UInt32(8 * $1) })
    }
  }

  private func encode(
    _ values: [Float], columns: Int, columnScales: [Float]? = nil, _ step: RowStep, _ kernels: KernelSet
  ) throws -> EncodedRows {
    let scales = columnScales ?? [Float](repeating: 1, count: columns)
    let coding = RowCoding(encoding: .int8ColumnScaled, columnScales: scales, step: step)
    return try Encodings.encode(values, type: .f32, columns: columns, coding: coding, kernels).rows
  }

  /// The formula with `pow`; a scale that lies between two bfloat16 numbers may go to either side.
  @Test(arguments: 0...4, [0.001, 0.3, 20.0])
  func scalesFollowTheFormula(quarters: Int, factor: Double) throws {
    let columns = 47
    let columnScales = Encodings.columnScales(columns, seed: 2)
    for kernels in try Encodings.kernelSets() {
      for distribution in Distribution.allCases where distribution != .zeros {
        let values = distribution.values(5 * columns, as: .f32, seed: 3)
        let step = RowStep(factor: factor, quarters: quarters)
        let rows = try encode(values, columns: columns, columnScales: columnScales, step, kernels)
        for (row, scale) in scales(of: rows).enumerated() {
          let weights = (0..<columns).map { values[row * columns + $0] / columnScales[$0] }
          let size = (weights.reduce(0) { $0 + Double($1) * Double($1) } / Double(columns)).squareRoot()
          let peak = Double(weights.map(abs).max() ?? 0)
          let exact = max(factor * pow(size, Double(quarters) / 4), peak / 127)
          #expect(DType.bf16.nearest(to: scale) == scale)
          #expect(abs(Double(scale) - exact) <= exact * 0x1.01p-8 || scale == .leastNormalMagnitude, "\(distribution)")
          let codes = (0..<columns).map { Int8(bitPattern: rows.streams[0][row * columns + $0]) }
          #expect(
            zip(codes, weights).allSatisfy {
              Float($0) == min(max($1 / scale, -127), 127).rounded(.toNearestOrEven)
                || abs(abs($1 / scale - Float($0)) - 0.5) < 1e-4
            })
        }
      }
    }
  }

  /// Four quarters give rows that differ by a factor the same codes, none the same steps.
  @Test func quartersDecideWhatRowsShare() throws {
    let kernels = try KernelSet.forThisMachine(named: nil)
    let row = Distribution.gaussian.values(64, as: .bf16, seed: 12)
    let values = row + row.map { $0 * 8 }
    let relative = try encode(values, columns: 64, RowStep(factor: 0.2, quarters: 4), kernels)
    #expect(relative.streams[0][..<64] == relative.streams[0][64...])
    #expect(scales(of: relative)[1] == 8 * scales(of: relative)[0])
    let absolute = try encode(values, columns: 64, RowStep(factor: 0.01, quarters: 0), kernels)
    #expect(scales(of: absolute) == [DType.bf16.nearest(to: 0.01), DType.bf16.nearest(to: 0.01)])
  }

  /// An outlier makes the steps of its own group coarser and of no other; the row's size counts for all groups.
  @Test func groupsOfARowShareItsStep() throws {
    var values = Distribution.gaussian.values(192, as: .f32, seed: 15)
    values[70] = 1000
    let step = RowStep(factor: 0.01, quarters: 4)
    for kernels in try Encodings.kernelSets() {
      let coding = RowCoding(
        encoding: .int8ColumnScaledGroup64, columnScales: [Float](repeating: 1, count: 192), step: step)
      let rows = try Encodings.encode(values, type: .f32, columns: 192, coding: coding, kernels).rows
      let scales = (0..<3).map { group in
        Float(bitPattern: UInt32(rows.streams[1][2 * group]) << 16 | UInt32(rows.streams[1][2 * group + 1]) << 24)
      }
      let size = (values.reduce(0) { $0 + Double($1) * Double($1) } / 192).squareRoot()
      #expect(scales[0] == scales[2] && scales[0] == DType.bf16.nearest(to: Float(0.01 * size)))
      #expect(scales[1] == DType.bf16.nearest(to: 1000 / 127))
    }
  }

  @Test func rowsOfZerosHaveTheScaleOne() throws {
    for kernels in try Encodings.kernelSets() {
      let rows = try encode([0, -0.0, 0, 1, 2, 3], columns: 3, RowStep(factor: 0.5, quarters: 4), kernels)
      #expect(scales(of: rows)[0] == 1)
      #expect(rows.streams[0][..<3] == [0, 0, 0])
    }
  }

  /// No step is so small that a weight would be cut off by more than half a step, which is the rounding of the scale.
  @Test func everyWeightIsWithinReach() throws {
    for kernels in try Encodings.kernelSets() {
      let values = Distribution.oneOutlier.values(20 * 64, as: .f32, seed: 13)
      let rows = try encode(values, columns: 64, RowStep(factor: 1e-6, quarters: 4), kernels)
      for (row, scale) in scales(of: rows).enumerated() {
        let peak = values[(row * 64)..<(row * 64 + 64)].map(abs).max() ?? 0
        #expect(peak / scale <= 127.5 && peak / scale >= 126.5)
      }
    }
  }
}
