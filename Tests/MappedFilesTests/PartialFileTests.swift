import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

@Suite struct PartialFileTests {
  private func open(
    _ folder: TemporaryFolder, replacing: Bool = false, keeping count: Int = 0
  ) throws -> PartialFile {
    try PartialFile(
      path: folder.file("out"), partialPath: folder.file("out.partial"), replacing: replacing, keptByteCount: count)
  }

  private func content(_ folder: TemporaryFolder, _ name: String = "out.partial") throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }

  private func failure(_ body: () throws -> Void) -> FusionError.Code? {
    (#expect(throws: FusionError.self) { try body() })?.code
  }

  @Test func outlivesItsProcessAndIsGoneOnWith() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try open(folder)
      #expect(file.isNew && file.foundByteCount == 0)
      try file.append([1, 2, 3, 4, 5, 6])
      try file.sync()
    }
    #expect(try folder.names() == ["out.partial"])
    let file = try open(folder, keeping: 4)
    #expect(!file.isNew && file.foundByteCount == 6)
    try file.append([1, 2])
    file.pass(to: 4)
    // Nothing is cut before something is written.
    #expect(try content(folder) == [1, 2, 3, 4, 5, 6])
    try file.append([9])
    #expect(try content(folder) == [1, 2, 3, 4, 9])
    var middle = [UInt8](repeating: 0, count: 2)
    try middle.withUnsafeMutableBytes { try file.read(at: 2, into: $0) }
    #expect(middle == [3, 4])
    try file.commit()
    #expect(try folder.names() == ["out"] && content(folder, "out") == [1, 2, 3, 4, 9])
  }

  @Test func whatIsKeptMustBeWhatIsWritten() throws {
    let folder = try TemporaryFolder()
    try folder.write("out.partial", [1, 2, 3, 4])
    let file = try open(folder, keeping: 4)
    #expect(failure { try file.append([1, 3]) } == .partialFileDiffers)
    #expect(failure { try file.append([1, 2, 3, 4, 5]) } == .partialFileDiffers)
    #expect(failure { try file.checkBeginning([2]) } == .partialFileDiffers)
    try file.checkBeginning([1, 2, 3, 4, 5])
    #expect(failure { _ = try self.open(folder, keeping: 5) } == .partialFileDiffers)
    #expect(try content(folder) == [1, 2, 3, 4])
  }

  @Test func theNameIsGivenAsAsked() throws {
    let folder = try TemporaryFolder()
    let file = try open(folder)
    try file.append([1])
    try folder.write("out", [7])
    #expect(failure { try file.commit() } == .outputExists)
    #expect(failure { _ = try self.open(folder) } == .outputExists)
    #expect(try content(folder, "out") == [7])
    let replacing = try open(folder, replacing: true, keeping: 1)
    replacing.pass(to: 1)
    try replacing.commit()
    #expect(try folder.names() == ["out"] && content(folder, "out") == [1])
  }

  @Test func oddPlacesAreRefused() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("out.partial"), withIntermediateDirectories: true)
    #expect(failure { _ = try self.open(folder) } == .cannotCreate)
    try folder.remove("out.partial")
    try FileManager.default.createSymbolicLink(atPath: folder.file("out.partial"), withDestinationPath: "else")
    #expect(failure { _ = try self.open(folder) } == .cannotCreate)
    #expect(
      failure { _ = try AppendedFile(path: folder.file("absent/journal")) } == .cannotCreate)
  }

  @Test func recordsAreAppendedByOneAtATime() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("journal")
    do {
      let file = try AppendedFile(path: path)
      #expect(!file.wasThere && file.byteCount == 0)
      try file.append([1, 2, 3])
      #expect(failure { _ = try AppendedFile(path: path) } == .outputInUse)
    }
    let file = try AppendedFile(path: path)
    #expect(file.wasThere && file.byteCount == 3)
    #expect(try file.read(limit: 3) == [1, 2, 3] && file.read(limit: 2) == nil)
    try file.cut(to: 1)
    try file.append([8])
    #expect(try content(folder, "journal") == [1, 8])
    file.remove()
    #expect(try folder.names().isEmpty)
  }
}
