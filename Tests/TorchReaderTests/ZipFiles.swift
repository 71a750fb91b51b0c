import Foundation
import FusionCore
import MappedFiles
import TestSupport
import TorchReader

/// Opens archives that a test made.
struct ZipFiles {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Reads an archive from bytes.
  func archive(_ bytes: [UInt8]) throws -> ZipArchive {
    // Writing over a file waits for the disk on some file systems; a new file does not.
    try? FileManager.default.removeItem(atPath: folder.file("weights.bin"))
    return try ZipArchive(file: MappedFile(path: folder.write("weights.bin", bytes)))
  }

  /// Reads an archive with holes.
  func archive(_ builder: ZipBuilder) throws -> ZipArchive {
    try builder.write(to: folder.file("weights.bin"))
    return try ZipArchive(file: MappedFile(path: folder.file("weights.bin")))
  }

  /// The bytes of an entry.
  static func contents(of name: String, in archive: ZipArchive) throws -> [UInt8]? {
    try archive.entry(named: name).map { entry in
      try archive.file.withBytes(in: entry.dataRange) { Array($0) }
    }
  }
}
