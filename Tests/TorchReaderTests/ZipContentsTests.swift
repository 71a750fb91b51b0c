import FusionCore
import MappedFiles
import TestSupport
import Testing
import TorchReader

/// Checksums of contents (P14), and who pays for them.
@Suite struct ZipContentsTests {
  @Test func refusesDamagedContents() throws {
    var bytes = ZipBuilder.sample().bytes
    bytes[200] ^= 4
    let archive = try ZipFiles().archive(bytes)
    let entry = try #require(archive.entry(named: "archive/data/0"))
    let error = #expect(throws: FusionError.self) { try archive.checkContents(of: entry) }
    #expect(error?.code == .torchZipWrongChecksum)
    #expect(error?.place == "entry \"archive/data/0\", offsets 192 to 292")
    #expect(error?.expected == "CRC-32 0x" + hexadecimal(ZipBytes.crc32((0..<100).map { UInt8($0) })))
    #expect(error?.file?.hasSuffix("weights.bin") == true)
    for other in archive.entries where other != entry { try archive.checkContents(of: other) }
  }

  /// More than one piece, and not a whole number of them.
  @Test func checksLongContents() throws {
    var random = SplitMix64(seed: 5)
    let content = (0..<(9 << 20) + 17).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var builder = ZipBuilder.sample(.streamed)
    builder.entries[1].content = content
    var bytes = builder.bytes
    let sound = try ZipFiles().archive(bytes)
    let entry = try #require(sound.entry(named: "archive/data/0"))
    try sound.checkContents(of: entry)
    bytes[entry.dataRange.upperBound - 1] ^= 0x80
    let damaged = try ZipFiles().archive(bytes)
    let error = #expect(throws: FusionError.self) { try damaged.checkContents(of: entry) }
    #expect(error?.code == .torchZipWrongChecksum)
  }

  /// PyTorch can leave out all checksums; one that is zero among others is wrong.
  @Test(arguments: [true, false])
  func takesArchivesWithoutChecksums(isAll: Bool) throws {
    var builder = ZipBuilder.sample()
    for index in builder.entries.indices where isAll || index == 1 {
      builder.entries[index].editCentral = { $0.crc32 = 0 }
      let size = ZipBytes.of(UInt32(builder.entries[index].content.count))
      if size != [0, 0, 0, 0] {
        builder.entries[index].descriptor = ZipBytes.of(0x0807_4B50 as UInt32) + [0, 0, 0, 0] + size + size
      }
    }
    let archive = try ZipFiles().archive(builder.bytes)
    #expect(archive.statesChecksums == !isAll)
    let entry = try #require(archive.entry(named: "archive/data/0"))
    if isAll {
      try archive.checkContents(of: entry)
    } else {
      let error = #expect(throws: FusionError.self) { try archive.checkContents(of: entry) }
      #expect(error?.code == .torchZipWrongChecksum)
      #expect(error?.remedy?.contains("skip_data") == true)
    }
  }

  /// The second question is answered from memory, so the file may have changed since.
  @Test func checksOnce() throws {
    let folder = try TemporaryFolder()
    var bytes = ZipBuilder.sample().bytes
    bytes[64] ^= 1
    let archive = try ZipArchive(file: MappedFile(path: folder.write("weights.bin", bytes)))
    let checks = EntryChecks(of: archive)
    let (bad, good) = (archive.entries[0], archive.entries[1])
    try checks.check(good)
    let first = #expect(throws: FusionError.self) { try checks.check(bad) }
    #expect(first?.code == .torchZipWrongChecksum)
    try folder.write("weights.bin", bytes + [0])
    try checks.check(good)
    let second = #expect(throws: FusionError.self) { try checks.check(bad) }
    #expect(second == first)
    let third = #expect(throws: FusionError.self) { try checks.check(archive.entries[3]) }
    #expect(third?.code == .changedWhileReading)
  }

  @Test func checksFromManyThreads() async throws {
    var bytes = ZipBuilder.sample().bytes
    bytes[64] ^= 1
    let archive = try ZipFiles().archive(bytes)
    let checks = EntryChecks(of: archive)
    let failures = await withTaskGroup(of: String?.self) { group in
      for index in 0..<200 {
        let entry = archive.entries[index % 4]
        group.addTask { (try? checks.check(entry)) == nil ? entry.name : nil }
      }
      return await group.reduce(into: [String]()) { names, name in if let name { names.append(name) } }
    }
    #expect(failures == Array(repeating: "archive/data.pkl", count: 50))
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
