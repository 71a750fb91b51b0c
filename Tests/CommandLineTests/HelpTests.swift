import TestSupport
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    [], ["convert"], ["inspect"], ["verify"], ["diff"], ["run"], ["trace"], ["eval"], ["calibrate"], ["export"],
    ["synth"],
    ["synth", "checkpoint"], ["synth", "qa"],
  ])
  func helpIsReviewedText(command: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(command + ["--help"], in: folder.path, environment: ["COLUMNS": "100"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    try Snapshot.expect(outcome.output, matches: (["help"] + command).joined(separator: "-"))
  }

  @Test func versionIsPrinted() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(["--version"], in: folder.path)
    #expect(outcome.status == 0 && outcome.output == "fusion-convert 0.1.0\n")
  }

  @Test func noArgumentsSayHowToBegin() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run([], in: folder.path)
    #expect(outcome.status == 64)
    #expect(outcome.error.hasPrefix("error: missing expected argument '<input>'\n"))
    #expect(outcome.error.contains("fusion-convert my-checkpoint model.fusion --quant int4"))
  }
}
