import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

@Suite struct AtomicFolderManyFilesTests {
  @Test func filesInFoldersAppearWithTheOuterFolder() throws {
    let scratch = try TemporaryFolder()
    let folder = try AtomicFolder(path: scratch.file("set"), replacing: false, files: FolderFiles { _ in true })
    try folder.makeFolder(named: "images")
    try folder.writeUnsynced([1, 2, 3], named: "images/a")
    try folder.writeUnsynced([], named: "images/b")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("set")))
    try folder.synchronize()
    try folder.commit()
    #expect(FileManager.default.contents(atPath: scratch.file("set/images/a")) == Data([1, 2, 3]))
    #expect(FileManager.default.contents(atPath: scratch.file("set/images/b")) == Data())
  }

  @Test func anAbandonedFolderLeavesNothing() throws {
    let scratch = try TemporaryFolder()
    do {
      let folder = try AtomicFolder(path: scratch.file("set"), replacing: false, files: FolderFiles { _ in true })
      try folder.makeFolder(named: "images")
      try folder.writeUnsynced([1], named: "images/a")
    }
    #expect(try scratch.names() == [])
  }

  @Test func aTakenNameIsRefused() throws {
    let scratch = try TemporaryFolder()
    let folder = try AtomicFolder(path: scratch.file("set"), replacing: false, files: FolderFiles { _ in true })
    try folder.writeUnsynced([1], named: "a")
    for attempt in [{ try folder.writeUnsynced([2], named: "a") }, { try folder.makeFolder(named: "a") }] {
      let error = #expect(throws: FusionError.self) { try attempt() }
      #expect(error?.code == .cannotCreate && error?.file == scratch.file("set/a"))
    }
  }
}
