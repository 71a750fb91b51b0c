import ConversionPipeline
import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// The measure that predictions are made of.
@Suite struct InputEnergyTests {
  private static let columns = 1024

  private static func gaussian(rows: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<(rows * columns)).map { _ in
      let radius = (-2 * log(Double.random(in: 1e-12...1, using: &generator))).squareRoot()
      return Float(0.02 * radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
    }
  }

  /// The weights as their codes say them.
  private static func decoded(_ rows: [Float], _ coding: RowCoding) throws -> [Float] {
    let kernels = try Pipeline.execution().kernels
    let encoded = try rows.withUnsafeBytes {
      try RowQuantizer(kernels: kernels).encode($0, type: .f32, columns: columns, coding: coding).rows
    }
    var result = [Float](repeating: 0, count: rows.count)
    let decoder = RowDecoder(kernels: kernels, encoding: coding.encoding, columns: columns)
    result.withUnsafeMutableBufferPointer { target in
      StreamBytes.withBytes(of: encoded.streams) { decoder.decode($0, rows: encoded.rowCount, into: target) }
    }
    return result
  }

  @Test func gaussianWeightsHaveTheErrorOfTheTheory() throws {
    let rows = Self.gaussian(rows: 64, seed: 1)
    let even = InputEnergy(squares: [Double](repeating: 1, count: Self.columns))
    let int8 = TensorEncoding.int8PerChannel
    let found = even.relativeError(
      of: try Self.decoded(rows, RowCoding(encoding: int8, search: .covering(for: int8))), from: rows)
    // Rounding to steps of max / 127 errs by a twelfth of their square.
    var noise = 0.0
    var signal = 0.0
    for start in stride(from: 0, to: rows.count, by: Self.columns) {
      let row = rows[start..<(start + Self.columns)].map { abs(Double($0)) }
      let step = (row.max() ?? 0) / 127
      noise += step * step / 12 * Double(Self.columns)
      signal += row.reduce(0) { $0 + $1 * $1 }
    }
    #expect(abs(found / (noise / signal) - 1) < 0.03, "\(found), in theory \(noise / signal)")
    let int4 = try #require(TensorEncoding(label: "int4", groupSize: 32))
    let coarse = even.relativeError(of: try Self.decoded(rows, RowCoding(encoding: int4)), from: rows)
    #expect(coarse > 50 * found && coarse < 0.01, "\(coarse)")
    // Columns of equal sizes have inputs of equal sizes.
    let blind = InputEnergy(
      standingInFor: rows, columns: Self.columns, kernels: try Pipeline.execution().kernels)
    #expect(
      abs(blind.relativeError(of: try Self.decoded(rows, RowCoding(encoding: int4)), from: rows) / coarse - 1) < 0.1)
  }

  @Test func columnsCountByTheirInputs() {
    let energy = InputEnergy(squares: [4, 1])
    #expect(energy.relativeError(of: [1.5, 2], from: [1, 2]) == 0.125)
    #expect(energy.relativeError(of: [1, 2.5], from: [1, 2]) == 0.03125)
    #expect(energy.relativeError(of: [0, 0], from: [0, 0]) == 0)
  }

  @Test func errorsThatMakeUpForEachOtherCostLess() {
    // Both inputs are always the same, so errors of opposite signs cancel.
    let energy = InputEnergy(squares: [1, 1], products: [1, 1, 1, 1])
    #expect(energy.relativeError(of: [1.5, 0.5], from: [1, 1]) == 0)
    #expect(energy.relativeError(of: [1.5, 1.5], from: [1, 1]) == 0.5)
  }

  @Test func columnsOfLargeWeightsHaveSmallInputs() throws {
    let kernels = try Pipeline.execution().kernels
    var generator = SplitMix64(seed: 5)
    let rows = (0..<256).map { Float.random(in: 0.9...1.1, using: &generator) * ($0 % 2 == 0 ? 8 : 1) }
    func error(column: Int) -> Double {
      var decoded = rows
      for index in stride(from: column, to: rows.count, by: 2) { decoded[index] *= 1.1 }
      return InputEnergy(standingInFor: rows, columns: 2, kernels: kernels).relativeError(of: decoded, from: rows)
    }
    #expect(abs(error(column: 0) / error(column: 1) - 1) < 0.02)
    #expect(abs(error(column: 0) - 0.005) < 0.0002)
  }
}
