import FusionCore
import NumericKernels
import Testing

@Suite struct WeightGridTests {
  @Test func entriesAscendAndOneIsZero() {
    let entries = WeightGrid.entries
    #expect(entries.count == 16)
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0 < $1 })
    #expect(entries[8] == 0)
    // Its negative is a byte too, and the reach is used to the full.
    #expect(entries.map { abs(Int($0)) }.max() == 127)
    #expect(WeightGrid.reach == Int(entries[0])...Int(entries[15]))
  }

  /// With the scale 1 of a new tile values are in units of the entries.
  @Test func theNearestEntryIsChosenAndTheLowerOneOfTwo() throws {
    let entries = WeightGrid.entries.map(Float.init)
    var (values, expected): ([Float], [Int8]) = ([], [])
    for code in 0..<15 {
      let middle = (entries[code] + entries[code + 1]) / 2
      values += [entries[code], middle.nextDown, middle, middle.nextUp, entries[code + 1]]
      expected += [Int8(code), Int8(code), Int8(code), Int8(code + 1), Int8(code + 1)]
    }
    values += [-0.0, 1e30, -1e30, -128, 123]
    expected += [8, 15, 0, 0, 15]
    for kernels in try Levels.all() {
      let tile = GroupTile(kernels: kernels)
      var codes = [Int8](repeating: -1, count: values.count)
      values.withUnsafeBufferPointer { tile.load($0, groups: [(0, values.count)]) }
      codes.withUnsafeMutableBufferPointer { tile.encode(codes: 0...15, spacing: .grid, into: $0) }
      #expect(codes == expected, "\(kernels.level)")
    }
  }

  @Test func boundsAreHalfTheWayToTheNextEntry() {
    let bounds = (0..<16).map { WeightGrid.bounds(ofCode: $0) }
    #expect(bounds[0].below == WeightGrid.slack && bounds[15].above == WeightGrid.slack)
    for code in 0..<15 {
      let gap = Float(WeightGrid.entries[code + 1]) - Float(WeightGrid.entries[code])
      #expect(bounds[code].above == bounds[code + 1].below)
      #expect(bounds[code].above == gap * 0.5 + WeightGrid.slack)
    }
  }

  /// A stated deviation counts on every side that it is more than half the way.
  @Test func aDeviationWidensTheBoundOfAGrid() throws {
    let encoding = try #require(TensorEncoding(kind: .int4NonLinear, groupSize: 32))
    // Entries 0, 122 and -127 at scale 1; half the way from 0 is 5.5 below and 6.5 above, from 122 it is 14.5.
    let (codes, scales): ([UInt8], [UInt8]) = ([0xF8, 0x00], [0x80, 0x3F])
    let cases: [(values: [Float], deviation: Float, violations: Int)] = [
      ([-5.5, 107.5, -112.9], 0.5001, 1), ([6.5, 300, -300], 0.5001, 0), ([6.51, 107.4, -127], 0.5001, 2),
      ([6.51, 107.4, -127], 7, 1), ([-6.9, 107.4, -121], 15, 0), ([-5.51, 122, -127], 0.5001, 1),
      ([-15.5, 106.5, -111.5], 15, 3),
    ]
    for kernels in try Levels.all() {
      for (values, deviation, violations) in cases {
        let found = codes.withUnsafeBytes { codes in
          scales.withUnsafeBytes { scales in
            values.withUnsafeBufferPointer {
              kernels.check(
                $0, dividedBy: [],
                against: EncodedMatrix(
                  encoding: encoding, dtype: .bf16, rowCount: 1, columnCount: 3, streams: [codes, scales]),
                reach: WeightGrid.reach, boundInSteps: deviation)
            }
          }
        }
        #expect(found.violations == violations, "\(values) within \(deviation) on \(kernels.level)")
        #expect(found.clipped == values.count { $0 > 122 || $0 < -127 })
      }
    }
  }
}
