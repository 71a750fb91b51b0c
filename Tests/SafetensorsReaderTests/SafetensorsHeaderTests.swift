import FusionCore
import SafetensorsReader
import TestSupport
import Testing

/// Every rule about one file, as one list of right and wrong files.
@Suite struct SafetensorsHeaderTests {
  static let cases = HeaderCase.structure + HeaderCase.entries

  @Test(arguments: cases)
  func readsOrRefuses(_ item: HeaderCase) throws {
    switch item.outcome {
    case .accepted(let names):
      let header = try header(of: item.bytes())
      #expect(header.entries.map(\.name) == names)
    case .refused(let code, let place, let expected, let found, let remedy):
      let error = try #require(throws: FusionError.self) { try header(of: item.bytes()) }
      #expect(error.code == code)
      #expect(error.place?.contains(place) == true, "place: \(error.place ?? "none")")
      #expect(error.expected?.contains(expected) == true, "expected: \(error.expected ?? "none")")
      #expect(error.found?.contains(found) == true, "found: \(error.found ?? "none")")
      #expect(error.remedy?.contains(remedy) == true, "remedy: \(error.remedy ?? "none")")
      #expect(error.code.category == .malformedInput)
    }
  }

  @Test func everyRowHasACase() {
    let rows = Set(Self.cases.map(\.row))
    // S16 needs a file that changes; the checkpoint's tests have it.
    #expect(rows == Set((1...15).map { "S\($0)" }))
  }

  @Test func provesRangesAndMetadata() throws {
    let bytes = SafetensorsBytes.file(
      #"{"__metadata__":{"format":"pt","note":"a\tb"},"# + SafetensorsBytes.entryA + "," + SafetensorsBytes.entryB
        + "}  ")
    let header = try header(of: bytes)
    #expect(header.dataOffset == bytes.count - 22)
    #expect(header.metadata == ["format": "pt", "note": "a\tb"])
    #expect(header.entries[0].byteRange == header.dataOffset..<(header.dataOffset + 16))
    #expect(header.entries[1].byteRange == (header.dataOffset + 16)..<bytes.count)
    #expect(header.entries.map(\.dtype) == [.f32, .bf16])
    #expect(header.entries.map(\.shape.dimensions) == [[2, 2], [3]])
  }

  /// No file cut short at any byte is taken for a whole one.
  @Test func refusesEveryPrefix() {
    let bytes = SafetensorsBytes.correct()
    for length in 0..<bytes.count {
      let error = #expect(throws: FusionError.self, "prefix of \(length) bytes") {
        try header(of: Array(bytes[..<length]))
      }
      let code: FusionError.Code =
        length < 8
        ? .safetensorsFileTooSmall : length < bytes.count - 22 ? .safetensorsHeaderTruncated : .safetensorsTruncated
      #expect(error?.code == code, "prefix of \(length) bytes")
    }
  }

  /// Damaged headers are refused, or still describe exactly the file that they are in.
  @Test func survivesRandomDamage() throws {
    var random = SplitMix64(seed: 3)
    let bytes = SafetensorsBytes.correct()
    var refused = 0
    for _ in 0..<5000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: 0..<(bytes.count - 22), using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let header = try header(of: damaged)
        let total = header.entries.reduce(header.dataOffset) { $0 + $1.byteRange.count }
        #expect(total == damaged.count)
      } catch is FusionError {
        refused += 1
      }
    }
    #expect(refused > 3000)
  }

  private func header(of bytes: [UInt8]) throws -> SafetensorsHeader {
    try bytes.withUnsafeBytes { try SafetensorsHeader(contents: $0) }
  }
}
