import FusionCore
import SyntheticData
import Testing

/// Numbers that a program of another language computed from the description: a change of any of them changes every
/// synthetic checkpoint.
@Suite struct GoldenWeightsTests {
  static let cases: [(kind: SyntheticTensor.Kind, dimensions: [Int], rows: Range<Int>, bits: [UInt32])] = [
    (
      .matrix(outlierColumns: true), [8, 66], 5..<6,
      [
        0xBDDC_1C6F, 0xBDE1_D38F, 0xBDCD_145A, 0xBE89_C23B, 0xBE93_5EBF, 0xBE05_97EE, 0xBEA0_ED38, 0x3E01_F365,
        0xBDD1_5CF3, 0x3DAC_238A, 0x3D03_B87B, 0x3E38_1705, 0xBE08_23EF, 0x3CD8_0A94, 0x3DF6_E03E, 0x3D98_6ADE,
        0x3D8C_4B8D, 0x3D82_4DD7, 0xBE66_BFC9, 0x3CF2_1F1B, 0xBE44_B6DB, 0x3E12_9A64, 0x3CE0_3CF2, 0x3E4C_EC0A,
      ]
    ),
    (
      .embedding, [1001, 6], 1000..<1001,
      [
        0xBBBD_4F6C, 0x3C22_D400, 0xBB9B_FEE8, 0xBD06_5DC2, 0xBC9A_A143, 0xBC5E_6BF4,
      ]
    ),
    (
      .norm, [1000], 642..<646,
      [
        0x3F77_CD91, 0x40C2_8007, 0x3FA6_00AC, 0x3F71_959A,
      ]
    ),
    (
      .bias, [1000], 0..<5,
      [
        0xBC98_3BB5, 0x3C11_4776, 0xBC97_171A, 0xBC35_4A0E, 0x3C92_8C24,
      ]
    ),
  ]

  @Test(arguments: cases.indices)
  func bytesStayWhatTheyAre(index: Int) throws {
    let golden = GoldenWeightsTests.cases[index]
    let shape = try #require(Shape(golden.dimensions))
    let tensor = SyntheticTensor(name: "model.layers.3.mlp.down_proj.weight", shape: shape, kind: golden.kind)
    let bytes = WeightSample.bytes(SyntheticWeights(seed: 2026), tensor, .f32, golden.rows)
    let expected = golden.bits.flatMap { bits in (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }
    #expect(Array(bytes.prefix(expected.count)) == expected)
  }
}
