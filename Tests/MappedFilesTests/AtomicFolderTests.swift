import Foundation
import FusionCore
import Glibc
import MappedFiles
import TestSupport
import Testing

@Suite struct AtomicFolderTests {
  private static let files = FolderFiles(folders: ["inner"]) { ["a", "b", "inner/c"].contains($0) }

  private func make(
    _ path: String, replacing: Bool = false, _ content: [(String, [UInt8])] = [("a", [1]), ("b", [2])]
  ) throws {
    let folder = try AtomicFolder(path: path, replacing: replacing, files: Self.files)
    for (name, bytes) in content { try folder.write(bytes, named: name) }
    try folder.commit()
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  private func failure(_ body: () throws -> Void) -> FusionError? { #expect(throws: FusionError.self) { try body() } }

  @Test func appearsWhole() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    #expect(try scratch.names() == ["set"])
    #expect(try names(scratch.file("set")) == ["a", "b"])
  }

  @Test(arguments: ["set", "set/", "set/.", "./set/./", "link"])
  func anEmptyFolderIsAccepted(name: String) throws {
    let scratch = try TemporaryFolder()
    mkdir(scratch.file("set"), 0o750)
    symlink("set", scratch.file("link"))
    try make(scratch.file(name))
    #expect(try names(scratch.file("set")) == ["a", "b"])
    #expect(try scratch.names() == ["link", "set"])
    var status = stat()
    stat(scratch.file("set"), &status)
    #expect(status.st_mode & 0o777 == 0o750)
  }

  @Test func theFolderOneIsInIsAcceptedIfItIsEmpty() throws {
    let scratch = try TemporaryFolder()
    mkdir(scratch.file("set"), 0o755)
    // A process of its own: the current folder is one for all tests.
    let outcome = try CommandRunner.spawn(
      ["bash", "-c", "exec \"$0\" synth qa --count 1 --size 64 --out .", CommandRunner.program],
      in: scratch.file("set"))
    #expect(outcome.status == 0 && outcome.output.contains("cd ."), "\(outcome.error)")
    #expect(try names(scratch.file("set")).contains("questions.jsonl"))
    #expect(try scratch.names() == ["set"])
  }

  @Test func whatCouldNotBeRemovedMeanwhileIsNoPartOfIt() throws {
    let scratch = try TemporaryFolder()
    let folder = try AtomicFolder(path: scratch.file("set"), replacing: false, files: Self.files)
    try folder.write([7], named: "a")
    try Data([1]).write(to: URL(fileURLWithPath: folder.file(".fusion-0123456789abcdef.partial")))
    try folder.commit()
    #expect(try names(scratch.file("set")) == ["a"])
  }

  @Test func itsOwnFilesAreReplaced() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    let error = failure { try make(scratch.file("set")) }
    #expect(error?.code == .outputExists)
    try make(scratch.file("set"), replacing: true, [("b", [3])])
    #expect(try names(scratch.file("set")) == ["b"])
    #expect(FileManager.default.contents(atPath: scratch.file("set/b")) == Data([3]))
    #expect(try scratch.names() == ["set"])
  }

  @Test func strangersAreNamedAndKept() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    for name in ["z", "thesis.tex", "notes", "m"] { try scratch.write("set/\(name)", [9]) }
    let error = failure { try make(scratch.file("set"), replacing: true) }
    #expect(error?.code == .outputHoldsOthers && error?.code.category == .cannotCreate)
    #expect(error?.found == "m, notes, thesis.tex and 1 more")
    #expect(try names(scratch.file("set")) == ["a", "b", "m", "notes", "thesis.tex", "z"])
    #expect(try scratch.names() == ["set"])
  }

  @Test func aNameAloneDoesNotMakeAFileOurs() throws {
    let scratch = try TemporaryFolder()
    mkdir(scratch.file("set"), 0o755)
    mkdir(scratch.file("set/a"), 0o755)
    symlink("/etc/passwd", scratch.file("set/b"))
    #expect(failure { try make(scratch.file("set"), replacing: true) }?.found == "a, b")
  }

  @Test func aStrangerWhoseNameIsNotUTF8IsKept() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    let name = Array(scratch.file("set/caf").utf8) + [0xE9]
    let path = name.map { CChar(bitPattern: $0) } + [0]
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
    #expect(descriptor >= 0)
    close(descriptor)
    #expect(failure { try make(scratch.file("set"), replacing: true) }?.found == "caf\\xE9")
    #expect(access(path, F_OK) == 0)
  }

  @Test func aStrangerThatComesMeanwhileStopsTheReplacement() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    let folder = try AtomicFolder(path: scratch.file("set"), replacing: true, files: Self.files)
    try folder.write([7], named: "a")
    try scratch.write("set/new", [9])
    #expect(failure { try folder.commit() }?.code == .outputHoldsOthers)
    #expect(try names(scratch.file("set")) == ["a", "b", "new"])
  }

  @Test func aFileInTheWayIsRefused() throws {
    let scratch = try TemporaryFolder()
    try scratch.write("set", [1])
    #expect(failure { try make(scratch.file("set"), replacing: true) }?.code == .outputExists)
  }

  @Test func linksThatLeadNowhereAndEmptyNamesAreRefused() throws {
    let scratch = try TemporaryFolder()
    symlink("nowhere", scratch.file("link"))
    #expect(failure { try make(scratch.file("link")) }?.found == "a link that leads nowhere")
    #expect(failure { try make("") }?.code == .cannotCreate)
  }

  /// Puts a staging folder of a process that has ended into a folder.
  private func abandon(_ scratch: TemporaryFolder, _ entries: [String]) throws -> String {
    let staging = scratch.file(".fusion-0123456789abcdef.partial")
    for entry in entries {
      let path = "\(staging)/\(entry)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(entry.utf8).write(to: URL(fileURLWithPath: path))
    }
    return staging
  }

  @Test func whatAKilledRunLeftGoesWithTheNext() throws {
    let scratch = try TemporaryFolder()
    _ = try abandon(scratch, ["lock", "content/a", "content/inner/c"])
    mkdir(scratch.file(".fusion-0123456789abcdef.partial/probe"), 0o755)
    try scratch.write(".fusion-fedcba9876543210.partial", [1])
    #expect(LeftoverSweep.run(near: [scratch.file("any")]) == [])
    #expect(try scratch.names() == [])
  }

  @Test func whatARunningProcessHasStays() throws {
    let scratch = try TemporaryFolder()
    let staging = try abandon(scratch, ["lock", "content/a"])
    let lock = open("\(staging)/lock", O_RDWR)
    #expect(flock(lock, LOCK_EX) == 0)
    _ = LeftoverSweep.run(near: [scratch.file("any")])
    #expect(FileManager.default.fileExists(atPath: "\(staging)/content/a"))
    close(lock)
    _ = LeftoverSweep.run(near: [scratch.file("any")])
    #expect(try scratch.names() == [])
  }

  @Test func aFolderThatWasSetAsideIsRestored() throws {
    let scratch = try TemporaryFolder()
    _ = try abandon(scratch, ["lock", "content/a", "aside/set/old"])
    let notices = LeftoverSweep.run(near: [scratch.file("any")])
    #expect(notices.count == 1 && notices[0].hasPrefix("restored "), "\(notices)")
    #expect(try scratch.names() == ["set"])
    #expect(try names(scratch.file("set")) == ["old"])
  }

  @Test func aFolderThatWasReplacedIsNotRestored() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    _ = try abandon(scratch, ["lock", "aside/set/old"])
    #expect(LeftoverSweep.run(near: [scratch.file("any")]) == [])
    #expect(try scratch.names() == ["set"])
    #expect(try names(scratch.file("set")) == ["a", "b"])
  }

  @Test func aFolderSetAsideBesideANewOneIsRestoredUnderAnotherName() throws {
    let scratch = try TemporaryFolder()
    try make(scratch.file("set"))
    _ = try abandon(scratch, ["lock", "content/a", "aside/set/old"])
    #expect(LeftoverSweep.run(near: [scratch.file("any")]).count == 1)
    #expect(try names(scratch.file("set.restored")) == ["old"])
    #expect(try names(scratch.file("set")) == ["a", "b"])
  }

  @Test func filesThatWereMovingIntoAFolderArrive() throws {
    let scratch = try TemporaryFolder()
    _ = try abandon(scratch, ["lock", "complete/b"])
    try scratch.write("a", [1])
    #expect(LeftoverSweep.run(near: [scratch.file("any")]).count == 1)
    #expect(try scratch.names() == ["a", "b"])
  }
}
