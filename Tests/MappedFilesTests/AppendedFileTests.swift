import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

/// Files that grow while others may look at their names.
@Suite struct AppendedFileTests {
  @Test func aFileThatLosesItsNameIsToldSo() throws {
    let folder = try TemporaryFolder()
    let file = try AppendedFile(path: folder.file("r"))
    try file.append([1, 2])
    try file.checkName()
    try FileManager.default.removeItem(atPath: folder.file("r"))
    let gone = #expect(throws: FusionError.self) { try file.checkName() }
    #expect(gone?.code == .writeFailed && gone?.found == "nothing")
    try folder.write("r", [9])
    let other = #expect(throws: FusionError.self) { try file.checkName() }
    #expect(other?.found == "another file")
    #expect(FileManager.default.contents(atPath: folder.file("r")) == Data([9]))
  }

  @Test func whatIsThereIsKept() throws {
    let folder = try TemporaryFolder()
    try folder.write("r", [1, 2, 3])
    let file = try AppendedFile(path: folder.file("r"))
    #expect(file.wasThere && file.byteCount == 3)
    try file.append([4])
    #expect(FileManager.default.contents(atPath: folder.file("r")) == Data([1, 2, 3, 4]))
  }
}
