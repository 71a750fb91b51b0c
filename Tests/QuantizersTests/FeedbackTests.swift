import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// Codes that make up for each other's errors.
@Suite struct FeedbackTests {
  private func coding(_ encoding: TensorEncoding, columns: Int, _ feedback: ErrorFeedback?) -> RowCoding {
    RowCoding(
      encoding: encoding,
      columnScales: encoding.hasColumnScales ? Encodings.columnScales(columns, seed: UInt64(columns)) : [],
      feedback: feedback)
  }

  private func difference(_ values: [Float], _ rows: EncodedRows, _ kernels: KernelSet) -> [Float] {
    zip(Encodings.decode(rows, kernels), values).map { $0 - $1 }
  }

  private func verify(
    _ rows: EncodedRows, _ values: [Float], deviation: Float?, _ kernels: KernelSet
  ) throws -> DifferenceSums {
    try StreamBytes.withBytes(of: rows.streams) { streams in
      let verifier = RowVerifier(kernels: kernels)
      try verifier.validate(streams, rows: rows.rowCount, columns: rows.columnCount, encoding: rows.encoding)
      return try DType.f32.bytes(of: values).withUnsafeBytes {
        try verifier.verify(
          streams, against: $0, type: .f32, rows: rows.rowCount, columns: rows.columnCount, encoding: rows.encoding,
          options: RowVerifier.Options(largestDeviation: deviation)
        ).difference
      }
    }
  }

  @Test(arguments: Encodings.all + Encodings.columnScaled)
  func theOutputsErrorIsLess(encoding: TensorEncoding) throws {
    let kernels = try KernelSet.forThisMachine(named: nil)
    let inputs = CorrelatedInputs(columns: 140, seed: 20)
    let values = Distribution.gaussian.values(50 * 140, as: .f32, seed: 21)
    let feedback = inputs.feedback()
    let errors = try [nil, feedback].map { feedback in
      // Equal scales leave nothing to clip, where neither method could do anything.
      let scales = encoding.hasColumnScales ? [Float](repeating: 2, count: 140) : []
      let coding = RowCoding(encoding: encoding, columnScales: scales, feedback: feedback)
      let rows = try Encodings.encode(values, type: .f32, columns: 140, coding: coding, kernels).rows
      return inputs.outputError(difference(values, rows, kernels))
    }
    #expect(errors[1] < 0.6 * errors[0], "\(encoding.name): \(errors[1] / errors[0])")
  }

  /// Odd widths, short last groups, several blocks of columns, and rows that do not fill a tile.
  @Test(arguments: Encodings.all + Encodings.columnScaled)
  func whatIsStatedOfCodesIsProved(encoding: TensorEncoding) throws {
    let sets = try Encodings.kernelSets()
    for columns in [1, 17, 33, 64, 65, 140] {
      let feedback = CorrelatedInputs(columns: columns, seed: UInt64(columns)).feedback()
      for distribution in [Distribution.gaussian, .zeros, .oneOutlier, .tiny, .faint, .mixed] {
        let values = distribution.values(19 * columns, as: .f32, seed: 5)
        let coding = coding(encoding, columns: columns, feedback)
        let results = try sets.map { try Encodings.encode(values, type: .f32, columns: columns, coding: coding, $0) }
        let (rows, statistics) = results[0]
        let what = "\(distribution) \(encoding.name) \(columns)"
        #expect(results.allSatisfy { $0.rows.streams == rows.streams }, "\(what)")
        #expect(results.allSatisfy { $0.statistics.largestDeviation == statistics.largestDeviation }, "\(what)")
        let stated = try #require(statistics.largestDeviation)
        // Eight steps and half a one, or eight entries of the grid and half the way to another: 138.5 steps.
        let isGrid = encoding.kind == .int4NonLinear
        #expect(stated <= (isGrid ? 138.501 : 8.501), "\(what): \(stated)")
        let found = try verify(rows, values, deviation: stated, sets[0])
        #expect(found.errorEnergy == statistics.difference.errorEnergy, "\(what)")
        // What is less may be the distance of a nearest code.
        guard stated > (isGrid ? 14.6 : 0.51) else { continue }
        for less in [stated * 0.995, nil] {
          let error = #expect(throws: FusionError.self) {
            _ = try verify(rows, values, deviation: less, sets[0])
          }
          #expect(error?.code == .outsideOfBound, "\(what)")
        }
      }
    }
  }

  /// Scales and zero points are those of the same coding without feedback.
  @Test(arguments: Encodings.all + Encodings.columnScaled)
  func scalesStay(encoding: TensorEncoding) throws {
    let kernels = try KernelSet.forThisMachine(named: nil)
    let values = Distribution.gaussian.values(9 * 75, as: .bf16, seed: 6)
    let feedback = CorrelatedInputs(columns: 75, seed: 7).feedback()
    let streams = try [nil, feedback].map { feedback in
      let coding = coding(encoding, columns: 75, feedback)
      return try Encodings.encode(values, type: .bf16, columns: 75, coding: coding, kernels).rows.streams
    }
    #expect(streams[0][0] != streams[1][0])
    #expect(streams[0].dropFirst() == streams[1].dropFirst())
  }

  /// Where inputs do not depend on each other, every code is the nearest one.
  @Test(arguments: Encodings.all)
  func independentColumnsHaveNothingToMakeUpFor(encoding: TensorEncoding) throws {
    let columns = 140
    let moments = (0..<(columns * columns)).map { $0 % (columns + 1) == 0 ? Float($0 % 7 + 1) : 0 }
    let feedback = moments.withUnsafeBufferPointer {
      ErrorFeedback(moments: $0, count: columns, team: WorkerTeam(threads: 1))
    }
    let values = Distribution.laplacian.values(20 * columns, as: .bf16, seed: 8)
    for kernels in try Encodings.kernelSets() {
      let plain = try Encodings.encode(values, type: .bf16, columns: columns, encoding: encoding, kernels).rows
      let coding = RowCoding(encoding: encoding, feedback: feedback)
      let (rows, statistics) = try Encodings.encode(values, type: .bf16, columns: columns, coding: coding, kernels)
      #expect(rows.streams == plain.streams)
      let most = encoding.kind == .int4NonLinear ? 14.5 + WeightGrid.slack : RowVerifier.boundInSteps
      #expect((statistics.largestDeviation ?? 200) <= most)
    }
  }

  /// A column of coarse steps leaves an error that one of fine steps would need 127 of them for.
  @Test func noCodeIsFurtherThanTheReach() throws {
    let feedback = [1.0001, 1, 1, 1.0001].withUnsafeBufferPointer {
      ErrorFeedback(moments: $0, count: 2, damping: 0, team: WorkerTeam(threads: 1))
    }
    #expect(feedback.order == [0, 1] && feedback.damping == 0)
    let coding = RowCoding(
      encoding: .int8ColumnScaled, columnScales: [256, 1], step: RowStep(factor: 1, quarters: 0), feedback: feedback)
    for kernels in try Encodings.kernelSets() {
      let (rows, statistics) = try Encodings.encode([127, 10], type: .f32, columns: 2, coding: coding, kernels)
      #expect(rows.streams[0] == [0, 18])
      #expect(statistics.largestDeviation == 8)
    }
  }

  /// More rows than go through the columns together: blocks do not look at each other.
  @Test func rowsAreIndependent() throws {
    let (rows, columns) = (300, 33)
    let kernels = try KernelSet.forThisMachine(named: nil)
    let values = Distribution.gaussian.values(rows * columns, as: .bf16, seed: 9)
    let feedback = CorrelatedInputs(columns: columns, seed: 10).feedback()
    let coding = coding(.int8ColumnScaled, columns: columns, feedback)
    // One block of columns has no matrix product, so that here even the bits are those of any cut.
    let whole = try Encodings.encode(values, type: .bf16, columns: columns, coding: coding, kernels).rows
    var codes: [UInt8] = []
    for first in stride(from: 0, to: rows, by: 13) {
      let part = Array(values[(first * columns)..<(min(first + 13, rows) * columns)])
      codes += try Encodings.encode(part, type: .bf16, columns: columns, coding: coding, kernels).rows.streams[0]
    }
    #expect(codes == whole.streams[0])
  }
}
