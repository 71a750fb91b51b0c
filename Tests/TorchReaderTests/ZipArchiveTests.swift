import FusionCore
import MappedFiles
import TestSupport
import Testing
import TorchReader

/// What archives are taken, and that all others are refused with the right words.
@Suite struct ZipArchiveTests {
  static let cases = ZipCase.entries + ZipCase.structure

  @Test(arguments: cases)
  func refuses(_ item: ZipCase) throws {
    let files = try ZipFiles()
    let error = try #require(throws: FusionError.self) { try files.archive(item.bytes()) }
    #expect(error.code == item.code)
    #expect(error.place == item.place)
    #expect(error.file?.hasSuffix("/weights.bin") == true)
    #expect(error.expected?.isEmpty == false)
    #expect(error.found?.isEmpty == false)
    #expect(error.remedy?.isEmpty == false)
    #expect(error.code.category == .malformedInput)
  }

  @Test func everyRowHasACase() {
    // P15 is about names of files, and the reader of checkpoints has it.
    #expect(Set(Self.cases.map(\.row)) == ["P12", "P13", "P14", "P16", "P17", "P18", "P19", "P20", "P21"])
  }

  @Test(arguments: ZipBuilder.Style.allCases)
  func readsWhatProgramsWrite(_ style: ZipBuilder.Style) throws {
    let builder = ZipBuilder.sample(style)
    let archive = try ZipFiles().archive(builder.bytes)
    #expect(archive.root == "archive/")
    #expect(archive.statesChecksums)
    #expect(archive.entries.map(\.name) == ["archive/data.pkl", "archive/data/0", "archive/data/1", "archive/version"])
    for entry in builder.entries {
      let name = String(decoding: entry.name, as: UTF8.self)
      #expect(try ZipFiles.contents(of: name, in: archive) == entry.content)
      #expect(archive.entry(named: name)?.crc32 == ZipBytes.crc32(entry.content))
    }
    for entry in archive.entries { try archive.checkContents(of: entry) }
    #expect(archive.entry(named: "archive/data/2") == nil)
  }

  /// The descriptor's signature is optional, and so is the width of its sizes.
  @Test(arguments: [false, true], [false, true])
  func readsEveryDescriptor(hasSignature: Bool, isWide: Bool) throws {
    let bytes = ZipCase.entry(1) { entry in
      let size = isWide ? ZipBytes.of(100 as UInt64) : ZipBytes.of(100 as UInt32)
      let signature = hasSignature ? ZipBytes.of(0x0807_4B50 as UInt32) : []
      entry.descriptor = signature + ZipBytes.of(ZipBytes.crc32(entry.content)) + size + size
    }
    let archive = try ZipFiles().archive(bytes)
    #expect(archive.entry(named: "archive/data/0")?.dataRange == 192..<292)
  }

  @Test(arguments: ["weights.v2..final", "模型 (1)", "a", "c:x"])
  func readsAnyRoot(_ root: String) throws {
    let archive = try ZipFiles().archive(ZipBuilder.sample(root: root).bytes)
    #expect(archive.root == root + "/")
    #expect(archive.entry(named: "\(root)/version")?.dataRange.count == 3)
  }

  /// Programs that pack a folder write entries for the folder itself, times and owners.
  @Test func readsWhatWasPackedAgain() throws {
    var builder = ZipBuilder.sample(.stored)
    builder.entries.insert(ZipBuilder.Entry("archive/", []), at: 0)
    builder.entries.insert(ZipBuilder.Entry("archive/data/", []), at: 2)
    for index in builder.entries.indices {
      builder.entries[index].editLocal = { $0.extra = ZipBytes.extra(0x5455, [3, 0, 0, 0, 0]) }
      builder.entries[index].editCentral = { $0.extra = ZipBytes.extra(0x7875, [1, 4, 0, 0, 0, 0, 0, 0, 0]) }
    }
    let archive = try ZipFiles().archive(builder.bytes)
    #expect(archive.entries.map(\.name) == ["archive/data.pkl", "archive/data/0", "archive/data/1", "archive/version"])
  }

  /// Beyond 4 GiB PyTorch's writer has its own way with Zip64 fields, and no test can do without it.
  @Test(arguments: [ZipBuilder.Style.torch])
  func readsBeyond4GiB(_ style: ZipBuilder.Style) throws {
    var builder = ZipBuilder.sample(style)
    builder.entries[1].holeByteCount = 1 << 32
    builder.entries.append(ZipBuilder.Entry("archive/data/2", [7, 8, 9]))
    let archive = try ZipFiles().archive(builder)
    let large = try #require(archive.entry(named: "archive/data/0"))
    #expect(large.dataRange.count == 100 + 1 << 32)
    #expect(try ZipFiles.contents(of: "archive/data/2", in: archive) == [7, 8, 9])
    #expect(archive.entry(named: "archive/data/1")?.dataRange.isEmpty == true)
    try archive.checkContents(of: #require(archive.entry(named: "archive/data/2")))
  }

  /// A field of PyTorch's own kind must still say the truth.
  @Test func refusesAWrongOffsetBeyond4GiB() throws {
    var builder = ZipBuilder.sample()
    builder.entries[1].holeByteCount = 1 << 32
    builder.entries[3].editLocal = { $0.extra[4] ^= 1 }
    let error = #expect(throws: FusionError.self) { try ZipFiles().archive(builder) }
    #expect(error?.code == .torchZipHeaderMismatch)
    #expect(error?.expected?.hasPrefix("offset 4294967") == true)
  }

  @Test func readsAFileOfPyTorch() throws {
    let archive = try ZipArchive(file: MappedFile(path: Fixtures.path("strided-bin/strided.bin")))
    #expect(archive.root == "strided/")
    #expect(archive.entries.count == 20)
    #expect(try ZipFiles.contents(of: "strided/byteorder", in: archive) == Array("little".utf8))
    #expect(archive.entries.allSatisfy { $0.dataRange.lowerBound % 64 == 0 })
    for entry in archive.entries { try archive.checkContents(of: entry) }
  }
}
