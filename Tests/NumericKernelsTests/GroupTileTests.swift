import NumericKernels
import TestSupport
import Testing

/// Groups go through a tile (transposed, rounded, transposed back); with the scale 1 of a new tile the codes are the
/// rounded values themselves.
@Suite struct GroupTileTests {
  private typealias Group = (offset: Int, length: Int)

  private func encoded(
    _ values: [Float], _ groups: [Group], codes: ClosedRange<Int>, filler: Int8, _ kernels: KernelSet
  ) -> [Int8] {
    let tile = GroupTile(kernels: kernels)
    var result = [Int8](repeating: filler, count: values.count)
    values.withUnsafeBufferPointer { tile.load($0, groups: groups) }
    result.withUnsafeMutableBufferPointer { tile.encode(codes: codes, into: $0) }
    return result
  }

  @Test(arguments: Levels.lengths.dropFirst())
  func sixteenGroupsOfOneLength(length: Int) throws {
    var generator = SplitMix64(seed: UInt64(length))
    let codes = (0..<(16 * length)).map { _ in Int8.random(in: -127...127, using: &generator) }
    let groups = (0..<16).map { (offset: $0 * length, length: length) }
    for kernels in try Levels.all() {
      #expect(encoded(codes.map(Float.init), groups, codes: -127...127, filler: 99, kernels) == codes)
    }
  }

  /// Lengths of every kind next to each other, in an order of their own, with gaps that must stay as they were.
  @Test(arguments: 1...16)
  func raggedGroupsWithGaps(groupCount: Int) throws {
    let lengths = [33, 1, 0, 16, 100, 15, 17, 31, 32, 2, 64, 48, 5, 0, 47, 7]
    var generator = SplitMix64(seed: UInt64(groupCount))
    var groups: [Group] = []
    var end = 3
    for length in lengths[..<groupCount] {
      groups.append((offset: end, length: length))
      end += length + 2
    }
    let values = (0..<end).map { _ in Float(Int.random(in: -127...127, using: &generator)) }
    var expected = [Int8](repeating: -128, count: end)
    for group in groups {
      for index in group.offset..<(group.offset + group.length) { expected[index] = Int8(values[index]) }
    }
    groups.reverse()
    for kernels in try Levels.all() {
      #expect(encoded(values, groups, codes: -127...127, filler: -128, kernels) == expected)
    }
  }

  @Test func roundsHalfToEvenAndClamps() throws {
    let values: [Float] = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, 126.5, 127.5, 1e30, -1e30, 127.49999, -127.5]
    for kernels in try Levels.all() {
      #expect(
        encoded(values, [(0, values.count)], codes: -127...127, filler: 0, kernels)
          == [0, 2, 2, 0, -2, 0, 126, 127, 127, -127, 127, -127])
      #expect(
        encoded(values, [(0, values.count)], codes: -8...7, filler: 0, kernels)
          == [0, 2, 2, 0, -2, 0, 7, 7, 7, -8, 7, -8])
    }
  }

  /// A tile that held longer groups must not mix their rest into shorter ones.
  @Test func reusedTilesForget() throws {
    var generator = SplitMix64(seed: 9)
    let long = (0..<1600).map { _ in Float.random(in: -1...1, using: &generator) }
    let short = (0..<37).map { _ in Float.random(in: -1e-3...1e-3, using: &generator) }
    for kernels in try Levels.all() {
      for asymmetric in [false, true] {
        let search = ScaleSearch(
          codes: asymmetric ? 0...15 : -8...7, firstFactor: 1, factorStep: -0.05, candidateCount: 8,
          refinementCount: 1, scaleMantissaBits: 4, fineMantissaBits: 7)
        let (used, fresh) = (GroupTile(kernels: kernels), GroupTile(kernels: kernels))
        long.withUnsafeBufferPointer { used.load($0, groups: (0..<16).map { ($0 * 100, 100) }) }
        used.search(search, asymmetric: asymmetric)
        #expect(used.scales.allSatisfy { $0 > 0.01 })
        for tile in [used, fresh] {
          short.withUnsafeBufferPointer { tile.load($0, groups: [(0, 20), (20, 17)]) }
          tile.search(search, asymmetric: asymmetric)
        }
        #expect(used.scales == fresh.scales)
        #expect(used.zeroPoints == fresh.zeroPoints)
        #expect(used.scales[0] < 0.001)
        #expect(used.scales[2...].allSatisfy { $0 == 1 }, "lanes without a group are groups of zeros")
      }
    }
  }

  /// No lane looks at another: a group gets the same scale in every lane and company.
  @Test func lanesAreIndependent() throws {
    var generator = SplitMix64(seed: 10)
    let values = (0..<(17 * 33)).map { _ in Float.random(in: -1...1, using: &generator) }
    let search = ScaleSearch(
      codes: -8...7, firstFactor: 1, factorStep: -0.05, candidateCount: 8, refinementCount: 2, scaleMantissaBits: 23,
      fineMantissaBits: 23)
    for kernels in try Levels.all() {
      let alone = GroupTile(kernels: kernels)
      values.withUnsafeBufferPointer { alone.load($0, groups: [(0, 33)]) }
      alone.search(search, asymmetric: false)
      for lane in 0..<16 {
        let tile = GroupTile(kernels: kernels)
        let groups = (0..<16).map { $0 == lane ? (0, 33) : (($0 + 1) * 33, 33 - $0) }
        values.withUnsafeBufferPointer { tile.load($0, groups: groups) }
        tile.search(search, asymmetric: false)
        #expect(tile.scales[lane].bitPattern == alone.scales[0].bitPattern)
      }
    }
  }
}
