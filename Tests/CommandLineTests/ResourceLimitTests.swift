import Foundation
import TestSupport
import Testing

/// Where the system gives little, the program does its work with what there is, or says what it lacks; it does not hang.
@Suite(.serialized) struct ResourceLimitTests {
  private static let source = Fixtures.path("fusion-phi-tiny")
  private static let commands = [
    ["inspect", source], [source, "model.fusion", "--force"],
    ["run", source, "--prompt", "Hello", "--max-tokens", "3"],
    ["diff", source, source, "--samples", "1", "--text-samples", "1", "--no-answers"],
    [source, "calibrated.fusion", "--force", "--method", "gptq", "--calibrate", "synth"],
  ]

  /// Runs a command in a shell with limits; one that hangs is ended with status 124.
  private func run(_ limits: String, _ arguments: [String], _ folder: TemporaryFolder) throws -> CommandRunner.Outcome {
    try CommandRunner.spawn(
      ["bash", "-c", "\(limits); exec timeout 300 \"$0\" \"$@\"", CommandRunner.program] + arguments + [
        "--threads", "4",
      ],
      in: folder.path)
  }

  /// No thread can be made where each is to have a stack of petabytes; that needs no rights, and no user of its own.
  @Test(arguments: commands)
  func withoutThreadsTheWorkIsDoneAllTheSame(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try run("ulimit -s 17592186044416", arguments, folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(!outcome.error.contains("OpenBLAS"))
  }

  @Test(arguments: commands.dropLast())
  func fewDescriptorsAreEnoughOrNamed(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    for count in [4, 5, 6, 8] {
      let outcome = try run("ulimit -n \(count)", arguments, folder)
      #expect([0, 66, 73, 74].contains(outcome.status), "\(count): \(outcome.status) \(outcome.error)")
      guard outcome.status != 0 else { continue }
      #expect(outcome.error.contains("Too many open files") && outcome.error.contains("error: "), "\(outcome.error)")
    }
  }

  @Test(arguments: commands.dropLast())
  func littleMemoryIsEnoughOrNamed(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    var doneCount = 0
    for megabytes in [100, 150, 200, 250, 300, 350, 400, 500, 600, 800, 1000, 1500, 2000] {
      let outcome = try run("ulimit -v \(megabytes * 1000)", arguments, folder)
      // 127 is the dynamic linker's, which ends a program whose libraries do not fit before it begins.
      #expect([0, 74, 127].contains(outcome.status), "\(megabytes) MB: \(outcome.status) \(outcome.error)")
      if outcome.status == 74 { #expect(outcome.error.contains("error: "), "\(megabytes) MB: \(outcome.error)") }
      if outcome.status == 0 { doneCount += 1 }
    }
    #expect(doneCount >= 3)
  }
}
