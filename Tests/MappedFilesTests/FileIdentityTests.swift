import Foundation
import MappedFiles
import TestSupport
import Testing

@Suite struct FileIdentityTests {
  @Test func nothingThere() throws {
    let folder = try TemporaryFolder()
    #expect(try FileIdentity(path: folder.file("none")) == nil)
    #expect(FileIdentity(descriptor: -1) == nil)
  }

  @Test func kinds() throws {
    let folder = try TemporaryFolder()
    let file = try #require(try FileIdentity(path: folder.write("file", [1, 2, 3])))
    #expect(file.isRegularFile)
    #expect(!file.isFolder)
    #expect(file.byteCount == 3)
    let itself = try #require(try FileIdentity(path: folder.path))
    #expect(!itself.isRegularFile)
    #expect(itself.isFolder)
    let device = try #require(try FileIdentity(path: "/dev/null"))
    #expect(!device.isRegularFile)
    #expect(!device.isFolder)
  }

  @Test func pathAndDescriptorAgree() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", [1])
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    let named = try FileIdentity(path: path)
    #expect(FileIdentity(descriptor: handle.fileDescriptor) == named)
    try handle.close()
  }

  @Test func linksAreTheSameFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", [1])
    #expect(symlink(path, folder.file("soft")) == 0)
    #expect(link(path, folder.file("hard")) == 0)
    let file = try #require(try FileIdentity(path: path))
    for name in ["soft", "hard"] {
      #expect(try #require(try FileIdentity(path: folder.file(name))).isSameFile(as: file))
    }
  }

  @Test func equalContentIsAnotherFile() throws {
    let folder = try TemporaryFolder()
    let a = try #require(try FileIdentity(path: folder.write("a", [1])))
    let b = try #require(try FileIdentity(path: folder.write("b", [1])))
    #expect(!a.isSameFile(as: b))
    #expect(a != b)
  }

  @Test func changedContentIsTheSameFileInAnotherState() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("file", [1])
    let before = try #require(try FileIdentity(path: path))
    #expect(truncate(path, 10) == 0)
    let after = try #require(try FileIdentity(path: path))
    #expect(after != before)
    #expect(after.isSameFile(as: before))
    #expect(after.byteCount == 10)
  }
}
