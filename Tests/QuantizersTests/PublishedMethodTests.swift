import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

/// GPTQ and AWQ against a float64 form of the published algorithms: `tools/dev/make-quantization-reference.py` made the
/// fixture. Its data are such that no decision is within 5e-4 steps of the other side.
@Suite struct PublishedMethodTests {
  private static let columns = 72

  private let tensors: [String: RawSafetensors.Tensor]

  init() throws { tensors = try RawSafetensors.folder(Fixtures.path("quantization")) }

  private func bytes(_ name: String) throws -> [UInt8] { try #require(tensors[name], "no \(name)").bytes }

  private func words<Word: FixedWidthInteger>(_ name: String, as type: Word.Type) throws -> [Word] {
    try bytes(name).withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size).map {
        Word(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Word.self))
      }
    }
  }

  private func bfloat16(_ name: String) throws -> [Float] {
    try words(name, as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
  }

  private func doubles(_ name: String) throws -> [Double] {
    try words(name, as: UInt64.self).map(Double.init(bitPattern:))
  }

  /// Rows of numbers of four bits, two to a byte.
  private func halfBytes(_ numbers: [UInt8], perRow: Int) -> [UInt8] {
    var result: [UInt8] = []
    for row in stride(from: 0, to: numbers.count, by: perRow) {
      for index in stride(from: 0, to: perRow, by: 2) {
        let next = index + 1 < perRow ? numbers[row + index + 1] : 0
        result.append(numbers[row + index] | next << 4)
      }
    }
    return result
  }

  private func feedback(threads: Int) throws -> ErrorFeedback {
    try bfloat16("moments").withUnsafeBufferPointer {
      ErrorFeedback(moments: $0, count: Self.columns, team: WorkerTeam(threads: threads))
    }
  }

  private func encode(_ coding: RowCoding, _ kernels: KernelSet) throws -> EncodedRows {
    try bytes("weights").withUnsafeBytes {
      try RowQuantizer(kernels: kernels).encode($0, type: .bf16, columns: Self.columns, coding: coding).rows
    }
  }

  @Test func columnsComeInTheOrderOfTheirInputs() throws {
    let order = try words("order", as: Int32.self).map(Int.init)
    #expect(try feedback(threads: 1).order == order)
    #expect(try feedback(threads: 1).damping == 0.01)
  }

  @Test(arguments: [1, 2]) func uniformSteps(threads: Int) throws {
    let rule = try doubles("rows.rule")
    let coding = RowCoding(
      encoding: .int8ColumnScaled, columnScales: try bfloat16("column_scales"),
      step: RowStep(factor: rule[0], quarters: Int(rule[1])), feedback: try feedback(threads: threads))
    for kernels in try Encodings.kernelSets() {
      let rows = try encode(coding, kernels)
      #expect(try rows.streams[1] == bytes("rows.scales"), "\(kernels.level)")
      #expect(try rows.streams[0] == bytes("rows.codes"), "\(kernels.level)")
    }
  }

  /// Groups of 16, the last of 8; scales and zero points by the weighted search, found before any code is chosen.
  @Test func staticGroups() throws {
    let encoding = try #require(TensorEncoding(kind: .int4Asymmetric, groupSize: 16, hasColumnScales: true))
    let coding = RowCoding(
      encoding: encoding, columnScales: try bfloat16("column_scales"),
      errorWeights: try words("error_weights", as: UInt32.self).map(Float.init(bitPattern:)),
      feedback: try feedback(threads: 1))
    let zeroPoints = halfBytes(try bytes("groups.zero_points"), perRow: 5)
    let codes = halfBytes(try bytes("groups.codes"), perRow: Self.columns)
    for kernels in try Encodings.kernelSets() {
      let rows = try encode(coding, kernels)
      #expect(try rows.streams[1] == bytes("groups.scales"), "\(kernels.level)")
      #expect(rows.streams[2] == zeroPoints, "\(kernels.level)")
      #expect(rows.streams[0] == codes, "\(kernels.level)")
    }
  }

  /// The output's error of the reference's codes, and of nearest ones, as the reference has them.
  @Test func outputErrors() throws {
    let rule = try doubles("rows.rule")
    let kernels = try KernelSet.forThisMachine(named: nil)
    let weights = try bfloat16("weights")
    let expected = try doubles("rows.errors")
    for (index, feedback) in [nil, try feedback(threads: 1)].enumerated() {
      let coding = RowCoding(
        encoding: .int8ColumnScaled, columnScales: try bfloat16("column_scales"),
        step: RowStep(factor: rule[0], quarters: Int(rule[1])), feedback: feedback)
      let decoded = Encodings.decode(try encode(coding, kernels), kernels)
      let error = OutputError.sum(
        of: zip(decoded, weights).map { $0 - $1 }, moments: try bfloat16("moments"), columns: Self.columns)
      #expect(abs(error - expected[index]) <= 1e-4 * expected[index])
    }
  }

  @Test func activationScales() throws {
    let encoding = try #require(TensorEncoding(kind: .int4Asymmetric, groupSize: 16, hasColumnScales: true))
    let moments = try bfloat16("moments")
    let squares = (0..<Self.columns).map { Double(moments[$0 * Self.columns + $0]) }
    let expected = try doubles("awq.scales")
    for kernels in try Encodings.kernelSets() {
      let scaling = ActivationScaling(
        encoding: encoding, magnitudes: try doubles("magnitudes"), squares: squares, moments: moments, kernels: kernels)
      let best = try scaling.best(for: try bfloat16("weights"))
      #expect(try [best.alpha] == doubles("awq.alpha"))
      #expect(best.scales == scaling.scales(alpha: best.alpha))
      #expect(zip(best.scales, expected).allSatisfy { abs(Double($0) - $1) <= 0x1.01p-9 * 2 * $1 })
    }
  }

  /// Without pairs of columns the error is that of independent inputs; alpha 0 gives ones.
  @Test func activationScalesWithoutPairs() throws {
    let encoding = try #require(TensorEncoding(kind: .int4Asymmetric, groupSize: 16, hasColumnScales: true))
    let moments = try bfloat16("moments")
    let squares = (0..<Self.columns).map { Double(moments[$0 * Self.columns + $0]) }
    let diagonal = moments.indices.map { $0 % (Self.columns + 1) == 0 ? moments[$0] : 0 }
    let kernels = try KernelSet.forThisMachine(named: nil)
    let found = try [nil, diagonal].map { moments in
      try ActivationScaling(
        encoding: encoding, magnitudes: doubles("magnitudes"), squares: squares, moments: moments, kernels: kernels
      ).best(for: bfloat16("weights"))
    }
    #expect(found[0].alpha == found[1].alpha && found[0].scales == found[1].scales)
    // Inputs that are alike: every alpha gives ones, and the first is taken.
    let alike = [Double](repeating: 0.5, count: Self.columns)
    let equal = try ActivationScaling(
      encoding: encoding, magnitudes: alike, squares: alike, moments: nil, kernels: kernels
    ).best(for: bfloat16("weights"))
    #expect(equal.alpha == 0 && equal.scales.allSatisfy { $0 == 1 })
    let scaling = ActivationScaling(
      encoding: encoding, magnitudes: [0, 1e-9, 3, 700], squares: [0, 0, 9, 5e5], moments: nil, kernels: kernels)
    #expect(scaling.scales(alpha: 0) == [1, 1, 1, 1])
    #expect(scaling.scales(alpha: 0.95).allSatisfy { $0.isNormal && $0 > 0 })
  }
}
