import Foundation
import MappedFiles
import TestSupport
import Testing

@Suite struct FileIdentityTests {
  @Test func nothingThere() throws {
    let folder = try TemporaryFolder()
    #expect(FileIdentity(path: folder.file("none")) == nil)
    #expect(FileIdentity(descriptor: -1) == nil)
  }

  @Test func kinds() throws {
    let folder = try TemporaryFolder()
    let file = try #require(FileIdentity(path: try folder.write("file", [1, 2, 3])))
    #expect(file.isRegularFile)
    #expect(!file.isFolder)
    #expect(file.byteCount == 3)
    let itself = try #require(FileIdentity(path: folder.path))
    #expect(!itself.isRegularFile)
    #expect(itself.isFolder)
    let device = try #require(FileIdentity(path: "/dev/null"))
    #expect(!device.isRegularFile)
    #expect(!device.isFolder)
  }

  @Test func pathAndDescriptorAgree() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", [1])
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    #expect(FileIdentity(descriptor: handle.fileDescriptor) == FileIdentity(path: path))
    try handle.close()
  }

  @Test func linksAreTheSameFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", [1])
    #expect(symlink(path, folder.file("soft")) == 0)
    #expect(link(path, folder.file("hard")) == 0)
    let file = try #require(FileIdentity(path: path))
    for name in ["soft", "hard"] {
      #expect(try #require(FileIdentity(path: folder.file(name))).isSameFile(as: file))
    }
  }

  @Test func equalContentIsAnotherFile() throws {
    let folder = try TemporaryFolder()
    let a = try #require(FileIdentity(path: try folder.write("a", [1])))
    let b = try #require(FileIdentity(path: try folder.write("b", [1])))
    #expect(!a.isSameFile(as: b))
    #expect(a != b)
  }

  @Test func changedContentIsTheSameFileInAnotherState() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", [1])
    let before = try #require(FileIdentity(path: path))
    #expect(truncate(path, 10) == 0)
    let after = try #require(FileIdentity(path: path))
    #expect(after != before)
    #expect(after.isSameFile(as: before))
    #expect(after.byteCount == 10)
  }
}
