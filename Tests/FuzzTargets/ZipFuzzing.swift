import FusionCore
import MappedFiles
import TorchReader

/// A zip archive: entries lie apart within the file and below one folder, and their checksums are those of their bytes.
enum ZipFuzzing {
  /// Header of an entry before its name.
  private static let headerByteCount = 30

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    _ = TorchContentKind(prefix: bytes)
    let contents = Array(bytes)
    try ScratchFile.with(contents, "fuzz.bin") { path in
      let archive = try ZipArchive(file: MappedFile(path: path))
      try checkEntries(archive, fileByteCount: contents.count)
      try checkContents(archive, contents)
    }
  }

  private static func checkEntries(_ archive: ZipArchive, fileByteCount: Int) throws {
    var end = 0
    for entry in archive.entries {
      let start = entry.dataRange.lowerBound
      try FuzzFinding.require(
        start - end >= headerByteCount + entry.name.utf8.count,
        "\(entry.name) at \(start) leaves no header after \(end)")
      end = entry.dataRange.upperBound
      try FuzzFinding.require(entry.name.hasPrefix(archive.root), "\(entry.name) is not in \(archive.root)")
      try FuzzFinding.require(archive.entry(named: entry.name) == entry, "\(entry.name) is not found")
      let parts = entry.name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      try FuzzFinding.require(
        !parts.contains { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) },
        "\(entry.name) leads out of its folder")
    }
    try FuzzFinding.require(end <= fileByteCount, "an entry ends at \(end) of \(fileByteCount)")
    try FuzzFinding.require(
      Set(archive.entries.map(\.name)).count == archive.entries.count, "two entries have one name")
  }

  private static func checkContents(_ archive: ZipArchive, _ contents: [UInt8]) throws {
    let checks = EntryChecks(of: archive)
    var refusal: FusionError?
    for entry in archive.entries {
      let isRight = !archive.statesChecksums || CyclicChecksum.of(contents[entry.dataRange]) == entry.crc32
      for _ in 0..<2 {
        do {
          try checks.check(entry)
          try FuzzFinding.require(isRight, "the checksum of \(entry.name) is wrong and was taken")
        } catch let error as FusionError {
          try FuzzFinding.require(!isRight, "the checksum of \(entry.name) is right and was refused")
          refusal = error
        }
      }
    }
    if let refusal { throw refusal }
  }
}
