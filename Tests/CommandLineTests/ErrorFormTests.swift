import Foundation
import Glibc
import TestSupport
import Testing

/// Errors of arguments and of standard output have the form of all others.
@Suite struct ErrorFormTests {
  @Test(arguments: [
    (["a", "b", "--frobnicate"], "unknown option '--frobnicate'", "fusion-convert convert --help"),
    (["run", "model", "--prompt"], "missing value for '--prompt <text>'", "fusion-convert run --help"),
    (["inspect"], "missing expected argument '<path>'", "fusion-convert inspect --help"),
    (["inspect", "a", "b"], "unexpected argument 'b'", "fusion-convert inspect --help"),
    (["diff", "a", "b", "--context", "4"], "--context needs --text", "fusion-convert diff --help"),
    (
      ["synth", "qa", "--count", "0", "--out", "q"], "whole number from 1 to 10000000", "fusion-convert synth qa --help"
    ),
    (["convert", "a", "b", "--method", "magic"], "'magic' is invalid", "fusion-convert convert --help"),
  ])
  func argumentsAreRefusedInTheOneForm(arguments: [String], words: String, help: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(arguments, in: folder.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.error.hasPrefix("error: ") && outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.error.hasSuffix("\n  do:       see \(help)\n"), "\(outcome.error)")

    let json = try CommandRunner.run(arguments + ["--json"], in: folder.path)
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.status == 64 && document?["exitStatus"] as? Int == 64)
    #expect(
      (document?["summary"] as? String)?.contains(words) == true || arguments.last == "--prompt", "\(json.output)")
    #expect(document?["code"] as? String == "options.badOption")
  }

  @Test(arguments: [
    ["--help"], ["--version"], ["run", "--help"], ["help", "diff"], ["synth"],
    ["--generate-completion-script", "bash"], ["--experimental-dump-help"],
  ])
  func lostHelpIsAnError(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    for target in ["> /dev/full", ">&-"] {
      let outcome = try CommandRunner.spawn(
        ["bash", "-c", "exec \"$0\" \"$@\" \(target)", CommandRunner.program] + arguments, in: folder.path)
      #expect(outcome.status == 74, "\(outcome)")
      #expect(outcome.error.hasPrefix("error: cannot write to standard output\n"), "\(outcome.error)")
    }
    let printed = try CommandRunner.run(arguments, in: folder.path)
    #expect(printed.status == 0 && !printed.output.isEmpty && printed.error.isEmpty)
  }

  /// The output of a command does not go into a file that it opens.
  @Test func closedDescriptorsAreNotTaken() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    for closed in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
      let outcome = try CommandRunner.spawn(
        ["bash", "-c", "exec \"$0\" \"$@\" \(closed)", CommandRunner.program, source, "model.fusion", "--force"],
        in: folder.path)
      #expect([0, 74].contains(outcome.status), "\(closed): \(outcome)")
      let verify = try CommandRunner.run(["verify", "model.fusion", "--source", source], in: folder.path)
      #expect(verify.status == 0, "\(closed): \(verify.error)")
    }
  }

  /// A pipe that does not wait for room, with a reader that takes its time: all of the output comes.
  @Test func aPipeThatDoesNotBlockGetsAll() throws {
    let folder = try TemporaryFolder()
    let whole = try CommandRunner.run(["--experimental-dump-help"], in: folder.path)
    #expect(whole.output.utf8.count > 70_000)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    // All who share the pipe's end share the flag.
    #expect(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    #expect(fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandRunner.program)
    process.arguments = ["--experimental-dump-help"]
    process.standardOutput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: false)
    try process.run()
    close(ends[1])
    usleep(300_000)
    let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: output, as: UTF8.self) == whole.output)
  }
}
