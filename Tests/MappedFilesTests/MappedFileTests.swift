import Foundation
import FusionCore
import MappedFiles
import TestSupport
import Testing

@Suite struct MappedFileTests {
  private func bytes(of file: MappedFile, in range: Range<Int>) throws -> [UInt8] {
    try file.withBytes(in: range) { Array($0) }
  }

  private func failure(_ body: () throws -> Void) -> FusionError? {
    #expect(throws: FusionError.self) { try body() }
  }

  @Test func lendsExactlyTheRange() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in", Array(0..<200))
    let file = try MappedFile(path: path)
    #expect(file.path == path)
    #expect(file.byteCount == 200)
    #expect(try bytes(of: file, in: 0..<200) == Array(0..<200))
    #expect(try bytes(of: file, in: 17..<20) == [17, 18, 19])
    #expect(try bytes(of: file, in: 199..<200) == [199])
    #expect(try bytes(of: file, in: 200..<200) == [])
  }

  @Test func emptyFile() throws {
    let folder = try TemporaryFolder()
    let file = try MappedFile(path: folder.write("in", []))
    #expect(file.byteCount == 0)
    #expect(try bytes(of: file, in: 0..<0) == [])
    file.willRead(0..<0)
    file.discard(0..<0)
    try file.checkUnchanged()
  }

  @Test func missingFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("none")
    let error = failure { _ = try MappedFile(path: path) }
    #expect(error?.code == .cannotOpen)
    #expect(error?.code.category == .missingInput)
    #expect(error?.file == path)
    #expect(error?.found == "No such file or directory")
    #expect(error?.remedy == "check the path for a typing mistake")
  }

  @Test func folder() throws {
    let folder = try TemporaryFolder()
    let error = failure { _ = try MappedFile(path: folder.path) }
    #expect(error?.code == .cannotOpen)
    #expect(error?.expected == "a regular file")
    #expect(error?.found == "a folder")
  }

  /// Opening a pipe that nobody writes to must not wait.
  @Test(.timeLimit(.minutes(1))) func pipe() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    let error = failure { _ = try MappedFile(path: folder.file("pipe")) }
    #expect(error?.code == .cannotOpen)
    #expect(error?.found == "a device, pipe or socket")
  }

  @Test func device() {
    let error = failure { _ = try MappedFile(path: "/dev/null") }
    #expect(error?.code == .cannotOpen)
    #expect(error?.found == "a device, pipe or socket")
  }

  @Test func grownWhileReading() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in", [1, 2, 3])
    let file = try MappedFile(path: path)
    try file.checkUnchanged()
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: [4])
    try handle.close()
    var lent = false
    let error = failure { try file.withBytes(in: 0..<1) { _ in lent = true } }
    #expect(!lent)
    #expect(error?.code == .changedWhileReading)
    #expect(error?.code.category == .inputOutput)
    #expect(error?.file == path)
    #expect(error?.expected?.hasPrefix("3 bytes, changed at ") == true)
    #expect(error?.found?.hasPrefix("4 bytes, changed at ") == true)
    #expect(failure { try file.checkUnchanged() }?.code == .changedWhileReading)
  }

  @Test func shortenedWhileReading() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in", [1, 2, 3])
    let file = try MappedFile(path: path)
    #expect(truncate(path, 1) == 0)
    let error = failure { try file.withBytes(in: 0..<3) { _ in } }
    #expect(error?.code == .changedWhileReading)
    #expect(error?.found?.hasPrefix("1 bytes, changed at ") == true)
  }

  @Test func rewrittenWithTheSameSize() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in", [1, 2, 3])
    let file = try MappedFile(path: path)
    // A time of its own, as the clock of file systems moves in steps of milliseconds.
    var times = [timespec(tv_sec: 1_000_000, tv_nsec: 5), timespec(tv_sec: 1_000_000, tv_nsec: 5)]
    #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
    let error = failure { try file.withBytes(in: 0..<1) { _ in } }
    #expect(error?.code == .changedWhileReading)
    #expect(error?.found == "3 bytes, changed at 1000000.5")
  }

  /// What was opened stays readable when another file takes the name, as an atomic replacement does.
  @Test func replacedByNameStaysReadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in", [1, 2, 3])
    let file = try MappedFile(path: path)
    #expect(rename(try folder.write("other", [7, 7]), path) == 0)
    #expect(try bytes(of: file, in: 0..<3) == [1, 2, 3])
  }

  @Test func discardKeepsTheContent() throws {
    let folder = try TemporaryFolder()
    var generator = SplitMix64(seed: 1)
    let content = (0..<100_003).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let file = try MappedFile(path: folder.write("in", content))
    for range in [0..<content.count, 0..<1, 4095..<4097, 5000..<50_000, 99_000..<content.count] {
      file.willRead(range)
      #expect(try bytes(of: file, in: 0..<content.count) == content)
      file.discard(range)
    }
    // Beyond the file there is nothing to advise on.
    file.discard(0..<(content.count + 1_000_000))
    #expect(try bytes(of: file, in: 0..<content.count) == content)
  }

  @Test func discardGivesMemoryBack() throws {
    let folder = try TemporaryFolder()
    let size = 64 << 20
    let file = try MappedFile(path: folder.write("in", [UInt8](repeating: 1, count: size)))
    let sum = try file.withBytes(in: 0..<size) { bytes in
      stride(from: 0, to: size, by: 4096).reduce(0) { $0 + Int(bytes[$1]) }
    }
    #expect(sum == size / 4096)
    let before = try residentFileBytes()
    file.discard(0..<size)
    // Other tests run in this process too, hence half.
    #expect(try before - residentFileBytes() > size / 2)
  }

  /// Resident bytes of this process that belong to mapped files.
  private func residentFileBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
    return try #require(Int(line.filter(\.isNumber))) * 1024
  }
}
