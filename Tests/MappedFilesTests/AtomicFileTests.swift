import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  /// The bytes of a file, read without the code under test.
  private func content(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  private func failure(_ body: () throws -> Void) -> FusionError? {
    #expect(throws: FusionError.self) { try body() }
  }

  @Test func appearsOnlyWithCommit() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("out.fusion")
    let file = try AtomicFile(path: path, replacing: false)
    try file.append([1, 2, 3])
    try file.append([])
    try file.append([4])
    #expect(file.byteCount == 4)
    #expect(file.path == path)
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.commit()
    #expect(try folder.names() == ["out.fusion"])
    #expect(try content(path) == [1, 2, 3, 4])
  }

  @Test func leavesNothingWhenAbandoned() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(path: folder.file("out"), replacing: false)
      try file.append([UInt8](repeating: 7, count: 100_000))
    }
    #expect(try folder.names() == [])
  }

  @Test func anEmptyFileIsAFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile(path: folder.file("empty"), replacing: false).commit()
    #expect(try content(folder.file("empty")) == [])
  }

  @Test func readsBackBeforeCommit() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.file("out"), replacing: false)
    try file.append(Array(0..<100))
    var middle = [UInt8](repeating: 0, count: 3)
    try middle.withUnsafeMutableBytes { try file.read(at: 50, into: $0) }
    #expect(middle == [50, 51, 52])
    // Reading does not move the place where the next bytes go.
    try file.append([100])
    try file.commit()
    #expect(try content(folder.file("out")) == Array(0...100))
  }

  @Test func readingPastTheEndIsAnError() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.file("out"), replacing: false)
    try file.append([1, 2, 3])
    var buffer = [UInt8](repeating: 0, count: 4)
    let error = failure { try buffer.withUnsafeMutableBytes { try file.read(at: 1, into: $0) } }
    #expect(error?.code == .readFailed)
    #expect(error?.place == "offset 3")
    #expect(error?.expected == "2 more bytes")
    #expect(error?.found == "end of file")
  }

  @Test func refusesToReplace() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("out", [9])
    let error = failure { _ = try AtomicFile(path: path, replacing: false) }
    #expect(error?.code == .outputExists)
    #expect(error?.code.category == .cannotCreate)
    #expect(error?.file == path)
    #expect(error?.found == "a file")
    #expect(try content(path) == [9])
  }

  @Test func replacesInOneStep() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("out", [9, 9, 9])
    let file = try AtomicFile(path: path, replacing: true)
    try file.append([1])
    #expect(try content(path) == [9, 9, 9])
    try file.commit()
    #expect(try content(path) == [1])
    #expect(try folder.names() == ["out"])
  }

  @Test func keepsTheOldFileWhenAReplacementIsAbandoned() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("out", [9])
    do { try AtomicFile(path: path, replacing: true).append([1]) }
    #expect(try content(path) == [9])
    #expect(try folder.names() == ["out"])
  }

  @Test func doesNotReplaceAFileThatAppearedMeanwhile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("out")
    do {
      let file = try AtomicFile(path: path, replacing: false)
      try file.append([1])
      try folder.write("out", [5, 5])
      let error = failure { try file.commit() }
      #expect(error?.code == .outputExists)
      #expect(error?.file == path)
    }
    #expect(try content(path) == [5, 5])
    #expect(try folder.names() == ["out"])
  }

  @Test func doesNotReplaceAFolder() throws {
    let folder = try TemporaryFolder()
    let error = failure { _ = try AtomicFile(path: folder.path, replacing: true) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.found == "a folder of that name is there")
  }

  @Test func missingFolder() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("missing/out")
    let error = failure { _ = try AtomicFile(path: path, replacing: false) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.file == path)
    #expect(error?.found == "No such file or directory")
    #expect(error?.remedy?.contains(folder.file("missing")) == true)
  }

  @Test func fileInsteadOfAFolder() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", [1])
    let error = failure { _ = try AtomicFile(path: file + "/out", replacing: false) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.found == "Not a directory")
  }

  /// No account, not even the administrator's, makes files there.
  @Test func unwritableFolder() {
    let error = failure { _ = try AtomicFile(path: "/proc/self/out", replacing: false) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.file == "/proc/self/out")
  }

  @Test(.enabled(if: geteuid() != 0, "permissions do not bind this account"))
  func folderWithoutPermission() throws {
    let folder = try TemporaryFolder()
    #expect(chmod(folder.path, 0o555) == 0)
    defer { chmod(folder.path, 0o755) }
    let error = failure { _ = try AtomicFile(path: folder.file("out"), replacing: false) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.found == "Permission denied")
  }

  @Test(arguments: [false, true])
  func aNameThatIsTooLongIsRefusedAtOnce(replacing: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.file(String(repeating: "n", count: 256))
    let error = failure { _ = try AtomicFile(path: path, replacing: replacing) }
    #expect(error?.code == .cannotCreate)
    #expect(error?.found == "File name too long")
  }

  @Test(arguments: [false, true])
  func theLongestNameWorks(replacing: Bool) throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    let file = try AtomicFile(path: folder.file(name), replacing: replacing)
    try file.append([1])
    try file.commit()
    #expect(try folder.names() == [name])
  }

  @Test func theUsersMaskDecidesThePermissions() throws {
    let folder = try TemporaryFolder()
    try AtomicFile(path: folder.file("ours"), replacing: false).commit()
    let descriptor = open(folder.file("plain"), O_CREAT | O_WRONLY, 0o666)
    close(descriptor)
    let modes = try ["ours", "plain"].map {
      try FileManager.default.attributesOfItem(atPath: folder.file($0))[.posixPermissions] as? Int
    }
    #expect(modes[0] != nil)
    #expect(modes[0] == modes[1])
  }

  @Test func whatWasWrittenCanBeWrittenOver() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.file("file"), replacing: false)
    try file.append([1, 2, 3, 4])
    try [UInt8]([8, 9]).withUnsafeBytes { try file.overwrite($0, at: 2) }
    try file.append([5])
    try file.commit()
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("file")))) == [1, 2, 8, 9, 5])
  }
}
