import ContainerFormat
import Foundation
import FusionCore
import TestSupport
import Testing

/// The matrix of malformed containers: each case breaks one rule of an otherwise valid, sealed file.
@Suite struct CorruptContainerTests {
  private static let valid: Result<[UInt8], any Error> = Result {
    let folder = try TemporaryFolder()
    try SampleContainer.write(to: folder.file("model.fusion"))
    return try fileBytes(folder.file("model.fusion"))
  }

  @Test func forgingNothingGivesTheSameFile() throws {
    let bytes = try CorruptContainerTests.valid.get()
    #expect(ForgedContainer(bytes).bytes == bytes)
  }

  @Test func unknownOptionalFeaturesAreIgnored() throws {
    var container = ForgedContainer(try CorruptContainerTests.valid.get())
    container.header[19] = 0x80
    let folder = try TemporaryFolder()
    try verifyCompletely(try folder.write("model.fusion", container.bytes))
  }

  @Test(arguments: CorruptCase.all)
  func isRefused(_ corrupt: CorruptCase) throws {
    var container = ForgedContainer(try CorruptContainerTests.valid.get())
    corrupt.forge(&container)
    let folder = try TemporaryFolder()
    let path = try folder.write("model.fusion", container.bytes)
    if corrupt.opens { _ = try ContainerReader(path: path) }
    let error = #expect(throws: FusionError.self) {
      if corrupt.opens { try verifyCompletely(path) } else { _ = try ContainerReader(path: path) }
    }
    #expect(error?.code == corrupt.code)
    #expect(error?.code.category == .malformedInput)
    #expect(error?.file == path)
    if let place = corrupt.place { #expect(error?.place?.hasSuffix(place) == true, "\(error?.place ?? "")") }
    if let expected = corrupt.expected { #expect(error?.expected == expected) }
    if let found = corrupt.found { #expect(error?.found?.hasPrefix(found) == true, "\(error?.found ?? "")") }
    for text in [error?.place, error?.expected, error?.found, error?.remedy] { #expect(text?.isEmpty == false) }
  }

  @Test func casesAreDistinct() {
    let names = CorruptCase.all.map(\.testDescription)
    #expect(Set(names).count == names.count)
    let rows = Set(CorruptCase.all.map(\.row) + ZstdAttack.all.map(\.row))
    // Row C12 is about the numbers inside of chunks, which are opaque to the container.
    #expect(rows == Set((1...15).map { "C\($0)" }).subtracting(["C12"]).union(["own"]))
  }

  /// A code without a case is a rule that nobody has seen at work.
  @Test func everyCodeHasACase() throws {
    var covered = Set(CorruptCase.all.map(\.code.rawValue) + ZstdAttack.all.map(\.code.rawValue))
    // Tested beside the matrix, and a failure of memory that cannot be caused.
    covered.formUnion(["container.noSuchFile", "zstd.encodingFailed"])
    for file in ["ContainerFormat/FusionError+Container.swift", "ZstdCodec/FusionError+Zstd.swift"] {
      let source = try String(contentsOfFile: "\(Fixtures.repository)/Sources/\(file)", encoding: .utf8)
      let codes = source.matches(of: #/Self\("([a-zA-Z.]+)"/#).map { String($0.1) }
      #expect(codes.count > 10)
      for code in codes { #expect(covered.contains(code), "\(code) has no case") }
    }
  }

  @Test func anUnknownFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("model.fusion", try CorruptContainerTests.valid.get())
    let reader = try ContainerReader(path: path)
    let error = #expect(throws: FusionError.self) { try reader.readFile("none.json") }
    #expect(error?.code == .containerNoSuchFile)
    #expect(error?.expected == "config.json, empty.json")
    #expect(error?.found == "none.json")
  }

  /// Random changes of a sealed index are either refused or lead to an index that can be verified or refused.
  @Test func randomIndexesNeverTrap() throws {
    let valid = ForgedContainer(try CorruptContainerTests.valid.get())
    let index = valid.index.encoded
    let folder = try TemporaryFolder()
    let decoder = ChunkDecoder()
    var generator = SplitMix64(seed: 11)
    var opened = 0
    for _ in 0..<3000 {
      var container = valid
      var bytes = index
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[position] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.remove(at: position)
        default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
        }
      }
      container.indexBytes = bytes
      let path = try folder.write("model.fusion", container.bytes)
      do {
        try verifyCompletely(path, using: decoder)
        opened += 1
      } catch is FusionError {}
    }
    // Changes inside of free text and digests are all that a reader cannot notice.
    #expect(opened > 0 && opened < 1500)
  }
}
