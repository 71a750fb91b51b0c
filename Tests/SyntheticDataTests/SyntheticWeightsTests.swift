import FusionCore
import SyntheticData
import TestSupport
import Testing

@Suite struct SyntheticWeightsTests {
  static let kinds: [SyntheticTensor.Kind] = [
    .matrix(outlierColumns: true), .matrix(outlierColumns: false), .embedding, .norm, .bias,
  ]

  @Test(arguments: kinds, [DType.bf16, .f16, .f32])
  func anySplitGivesTheSameBytes(kind: SyntheticTensor.Kind, dtype: DType) throws {
    let weights = SyntheticWeights(seed: 7)
    var random = SplitMix64(seed: 11)
    for dimensions in [
      [9, 1], [9, 3], [9, 4], [9, 5], [9, 63], [9, 64], [9, 130], [9, 3, 7, 7], [40], [0, 8], [5, 0],
    ] {
      let tensor = SyntheticTensor(name: "t", shape: try #require(Shape(dimensions)), kind: kind)
      let rowCount = tensor.shape.rowCount
      let whole = WeightSample.bytes(weights, tensor, dtype, 0..<rowCount)
      for _ in 0..<4 {
        var pieces: [UInt8] = []
        var row = 0
        while row < rowCount {
          let next = Int.random(in: (row + 1)...rowCount, using: &random)
          pieces += WeightSample.bytes(weights, tensor, dtype, row..<next)
          row = next
        }
        #expect(pieces == whole, "\(dimensions)")
      }
    }
  }

  @Test func bufferMayHaveAnyAlignment() throws {
    let weights = SyntheticWeights(seed: 7)
    let tensor = SyntheticTensor(name: "t", shape: try #require(Shape([3, 70])), kind: .matrix(outlierColumns: true))
    let aligned = WeightSample.bytes(weights, tensor, .bf16, 0..<3)
    var shifted = [UInt8](repeating: 0xAA, count: aligned.count + 2)
    shifted.withUnsafeMutableBytes { buffer in
      let inner = UnsafeMutableRawBufferPointer(rebasing: buffer[1..<(buffer.count - 1)])
      weights.fill(inner, tensor: tensor, dtype: .bf16, rows: 0..<3)
    }
    #expect(Array(shifted[1..<(shifted.count - 1)]) == aligned)
    #expect(shifted.first == 0xAA && shifted.last == 0xAA)
  }

  @Test(arguments: kinds)
  func narrowTypesAreTheRoundedNumbers(kind: SyntheticTensor.Kind) throws {
    let weights = SyntheticWeights(seed: 3)
    let tensor = SyntheticTensor(name: "t", shape: try #require(Shape([64, 500])), kind: kind)
    let full = try WeightSample("t", [64, 500], kind, seed: 3)
    let half = WeightSample.bytes(weights, tensor, .f16, 0..<64)
    let brain = WeightSample.bytes(weights, tensor, .bf16, 0..<64)
    for (index, value) in full.values.enumerated() {
      let halfBits = UInt16(half[2 * index]) | UInt16(half[2 * index + 1]) << 8
      #expect(halfBits == Float16(value).bitPattern)
      let brainBits = UInt32(brain[2 * index]) | UInt32(brain[2 * index + 1]) << 8
      let rounded = Float(bitPattern: brainBits << 16)
      // Half of a step of 8 significant bits, and the even neighbour on a tie.
      let error = abs(rounded - value)
      #expect(error <= value.binade.magnitude / 256)
      if error == value.binade.magnitude / 256 { #expect(brainBits & 1 == 0) }
    }
  }

  @Test func nameSeedAndRowsTellTensorsApart() throws {
    let kind = SyntheticTensor.Kind.embedding
    let first = try WeightSample("a", [64, 256], kind)
    #expect(try WeightSample("a", [64, 256], kind).values == first.values)
    for other in [try WeightSample("b", [64, 256], kind), try WeightSample("a", [64, 256], kind, seed: 2)] {
      #expect(abs(WeightSample.correlation(first.values, other.values)) < 0.03)
    }
    #expect(abs(WeightSample.correlation(first.row(0), first.row(1))) < 0.2)
    let shifted = Array(first.values.dropFirst())
    #expect(abs(WeightSample.correlation(Array(first.values.dropLast()), shifted)) < 0.03)
  }

  @Test func wrongBufferSizeStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      guard let shape = Shape([4, 8]) else { return }
      let tensor = SyntheticTensor(name: "t", shape: shape, kind: .bias)
      var bytes = [UInt8](repeating: 0, count: 63)
      bytes.withUnsafeMutableBytes {
        SyntheticWeights(seed: 1).fill($0, tensor: tensor, dtype: .bf16, rows: 0..<4)
      }
    }
  }

  @Test func rowsOutsideOfTheTensorStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      guard let shape = Shape([4, 8]) else { return }
      let tensor = SyntheticTensor(name: "t", shape: shape, kind: .bias)
      var bytes = [UInt8](repeating: 0, count: 16)
      bytes.withUnsafeMutableBytes {
        SyntheticWeights(seed: 1).fill($0, tensor: tensor, dtype: .bf16, rows: 4..<5)
      }
    }
  }
}
