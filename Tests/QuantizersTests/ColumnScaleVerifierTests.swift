import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

@Suite struct ColumnScaleVerifierTests {
  private func error(_ body: () throws -> Void) -> FusionError? {
    #expect(throws: FusionError.self) { try body() }
  }

  @Test(
    arguments: Encodings.columnScaled,
    [(Float.nan, "nan"), (0, "0.0"), (-0.0, "-0.0"), (-1, "-1.0"), (.infinity, "inf"), (0x1p-127, "5.877472e-39")])
  func rejectsUnusableScales(encoding: TensorEncoding, scale: (value: Float, text: String)) throws {
    for kernels in try Encodings.kernelSets() {
      for column in [0, 20, 46] {
        var sample = try VerifierSample(kernels, encoding)
        sample.setColumnScale(column, scale.value)
        for found in [error { try sample.validate() }, error { try sample.verify() }] {
          #expect(found?.code == .badScale)
          #expect(found?.place == "column \(column)")
          #expect(found?.expected == "a positive normal number")
          #expect(found?.found == scale.text)
        }
      }
    }
  }

  @Test(arguments: Encodings.columnScaled)
  func rejectsAnotherColumnScale(encoding: TensorEncoding) throws {
    let values = Distribution.gaussian.values(3 * 47, as: .bf16, seed: 31)
    let scales = Encodings.columnScales(47, seed: 32)
    // The largest weight of its group has a code that means less than half as much in columns twice as large.
    let quotients = (32..<47).map { abs(values[47 + $0] / scales[$0]) }
    let column = 32 + (quotients.firstIndex(of: quotients.max() ?? 0) ?? 0)
    for kernels in try Encodings.kernelSets() {
      var sample = try VerifierSample(kernels, encoding)
      sample.setColumnScale(column, scales[column] * 2)
      try sample.validate()
      #expect(error { try sample.verify() }?.code == .outsideOfBound)
    }
  }

  @Test(arguments: Encodings.columnScaled)
  func rejectsACodeThatIsOneOff(encoding: TensorEncoding) throws {
    let groupSize = encoding.groupSize == 0 ? 47 : encoding.groupSize
    for kernels in try Encodings.kernelSets() {
      let whole = try VerifierSample(kernels, encoding)
      for column in [0, 20, 46] {
        var sample = whole
        sample.moveCode(column: column)
        try sample.validate()
        let found = error { try sample.verify() }
        #expect(found?.code == .outsideOfBound)
        #expect(found?.place == "row 1, group \(column / groupSize)")
        // Where an error of so many steps is stated, it may be there.
        try sample.verify(deviation: encoding.kind == .int4NonLinear ? 44 : 1.6)
      }
    }
  }

  /// Distances are in steps: units of the scale of the row and of the column.
  @Test func distancesAreInStepsOfTheColumn() throws {
    for kernels in try Encodings.kernelSets() {
      var sample = try VerifierSample(kernels, .int8ColumnScaled, rows: 1, columns: 4, .zeros)
      // Scale 2; columns 1, 2, 0.5, 16; codes 3, -1, 10, 127.
      sample.streams = [
        [3, 0xFF, 10, 127], [0, 0, 0, 0x40], Encodings.stream(columnScales: [1, 2, 0.5, 16]),
      ]
      sample.source = DType.bf16.bytes(of: [6, -4, 10, 8000])
      #expect(try sample.verify().clippedCount == 1)
      // Half a step of each column is near enough; and two steps if that is stated.
      sample.source = DType.bf16.bytes(of: [7, -6, 9.5, 4064])
      #expect(try sample.verify().clippedCount == 0)
      sample.source = DType.bf16.bytes(of: [6, -4, 12, 4064])
      #expect(error { try sample.verify() }?.found == "1 of 4 weights further away")
      try sample.verify(deviation: 2)
      let found = error { try sample.verify(deviation: 1.9) }
      #expect(found?.code == .outsideOfBound)
      #expect(found?.expected == "every weight within \(Float(1.9) * 1.0001) steps of 2.0")
    }
  }

  /// What is stated can only widen the bound, and never beyond what was stated.
  @Test func aStatedDeviationBelowHalfAStepChangesNothing() throws {
    for kernels in try Encodings.kernelSets() {
      let sample = try VerifierSample(kernels, .int8ColumnScaled)
      for deviation in [Float(0), 0.25, -1, .nan] { try sample.verify(deviation: deviation) }
    }
  }

  @Test func sumsAreThoseOfTheQuantizer() throws {
    for kernels in try Encodings.kernelSets() {
      for encoding in Encodings.columnScaled {
        let values = Distribution.oneOutlier.values(3 * 47, as: .bf16, seed: 31)
        let coding = RowCoding(encoding: encoding, columnScales: Encodings.columnScales(47, seed: 32))
        let stated = try Encodings.encode(values, type: .bf16, columns: 47, coding: coding, kernels).statistics
        let found = try VerifierSample(kernels, encoding, .oneOutlier).verify()
        #expect(found.difference.signalEnergy == stated.difference.signalEnergy)
        #expect(found.difference.errorEnergy == stated.difference.errorEnergy)
      }
    }
  }
}
