import Foundation
import TestSupport
import Testing

/// Names that look like the program's own, names of open files, and names as long as a file system has them.
@Suite struct UnusualNameTests {
  private static let hidden = ".fusion-0123456789abcdef.partial"
  private static let source = Fixtures.path("fusion-phi-tiny")

  @Test func aLeftoverThatIsNamedIsReadAndStays() throws {
    let folder = try TemporaryFolder()
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder.file(Self.hidden), withIntermediateDirectories: true)
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("\(Self.hidden)/content"))
    try folder.write("\(Self.hidden)/lock", [])
    let read = try CommandRunner.run(["inspect", "\(Self.hidden)/content"], in: folder.path)
    #expect(read.status == 0, "\(read.error)")
    #expect(manager.fileExists(atPath: folder.file("\(Self.hidden)/content/config.json")))
    // Nobody names it here.
    _ = try CommandRunner.run(["inspect", Self.source], in: folder.path)
    #expect(try folder.names() == [])
    try manager.copyItem(atPath: "\(Self.source)/model-00001-of-00004.safetensors", toPath: folder.file(Self.hidden))
    let file = try CommandRunner.run(["inspect", "./\(Self.hidden)"], in: folder.path)
    #expect(file.status == 0 && manager.fileExists(atPath: folder.file(Self.hidden)), "\(file.error)")
  }

  @Test func anOpenFileIsNoNameOfAnOutput() throws {
    let folder = try TemporaryFolder()
    try folder.write("t.txt", text: "old content")
    let outcome = try CommandRunner.spawn(
      ["bash", "-c", "exec \"$0\" \"$1\" /proc/self/fd/7 --force 7<>t.txt", CommandRunner.program, Self.source],
      in: folder.path)
    #expect(outcome.status == 73 && outcome.error.contains("the name of an open file"), "\(outcome.error)")
    #expect(try String(contentsOfFile: folder.file("t.txt"), encoding: .utf8) == "old content")
  }

  @Test(arguments: [255, 254, 239]) func theLongestNameIsWritten(length: Int) throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: length)
    let outcome = try CommandRunner.run([Self.source, name, "--quant", "keep"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try folder.names() == [name])
    let resumed = try CommandRunner.run([Self.source, name, "--quant", "keep", "--resume", "--force"], in: folder.path)
    #expect(resumed.status == (length == 239 ? 0 : 73), "\(resumed.error)")
    #expect(try folder.names() == [name])
  }

  @Test func onlyNamesThatACommandWritesAreItsOwn() throws {
    let folder = try TemporaryFolder()
    let synth = ["synth", "qa", "--count", "2", "--size", "64", "--out", "set"]
    #expect(try CommandRunner.run(synth, in: folder.path).status == 0)
    for name in ["00000001.png", "1.png"] {
      try folder.write("set/images/\(name)", text: "mine")
      let outcome = try CommandRunner.run(synth + ["--force"], in: folder.path)
      #expect(outcome.status == 73 && outcome.error.contains("images/\(name)"), "\(outcome.error)")
      try FileManager.default.removeItem(atPath: folder.file("set/images/\(name)"))
    }
    try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: false)
    try folder.write("out/pytorch_model.bin", text: "mine")
    let outcome = try CommandRunner.run(["export", Self.source, "out", "--force"], in: folder.path)
    #expect(outcome.status == 73 && outcome.error.contains("pytorch_model.bin"), "\(outcome.error)")
  }

  /// Letters that look alike are not one name.
  @Test func composedAndDecomposedLettersAreTwoNames() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      [Self.source, "\u{E9}", "--quant", "keep", "--save-plan", "e\u{301}"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try folder.names().count == 2)
  }

  /// Nobody reads standard error, and it is full.
  @Test func aFullPipeDoesNotKeepASignalWaiting() throws {
    let folder = try TemporaryFolder()
    let script = """
      mkfifo pipe; exec 3<>pipe
      (while printf '%4096s' x; do :; done) >&3 & filler=$!
      sleep 0.3; kill $filler; wait $filler 2>/dev/null
      "$0" calibrate "$1" s --data synth --samples 5000 2>&3 >&3 & program=$!
      sleep 0.7; kill -TERM $program
      (sleep 10; kill -KILL $program) 2>/dev/null & guard=$!
      wait $program; status=$?; kill $guard 2>/dev/null; exit $status
      """
    let outcome = try CommandRunner.spawn(
      ["bash", "-c", script, CommandRunner.program, Self.source], in: folder.path)
    #expect(outcome.status == 128 + 15, "\(outcome.status)")
  }
}
