import Foundation
import Glibc
import TestSupport
import Testing

/// A command that is stopped removes what is unfinished, says what is left, and ends by the signal.
@Suite struct InterruptionTests {
  private static let commands: [[String]] = [
    ["synth", "qa", "--count", "40000", "--out", "set"],
    ["synth", "checkpoint", "--preset", "fusion-3b", "set"],
    ["calibrate", Fixtures.path("fusion-phi-tiny"), "s", "--data", "synth", "--samples", "2000"],
  ]

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP], commands)
  func nothingUnfinishedStays(signal: Int32, command: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(command, in: folder.path, killAfter: 0.6, signal: signal)
    #expect(outcome.status == 128 + signal, "\(outcome.error)")
    #expect(outcome.error.contains("stopped by SIG") && outcome.error.contains("nothing unfinished is left"))
    #expect(try folder.names() == [])
  }

  @Test func whatIsKeptIsNamed() throws {
    let folder = try TemporaryFolder()
    let model = "\(Fixtures.repository)/models/fusion-nano"
    // Stopped as soon as the journal has a tensor; one thread and search make the rest take a while.
    let script = """
      "$0" convert "$1" m.fusion --resume --method search --threads 1 &
      for try in {1..3000}; do
        [[ $(wc -l 2>/dev/null <m.fusion.partial.journal) -lt 2 ]] || break
        sleep 0.002
      done
      kill -TERM $!
      wait $!
      """
    let outcome = try CommandRunner.spawn(["bash", "-c", script, CommandRunner.program, model], in: folder.path)
    #expect(outcome.status == 128 + SIGTERM, "\(outcome.error)")
    #expect(
      outcome.error.contains("m.fusion.partial keeps what is done; the same command with --resume goes on"),
      "\(outcome.error)")
    #expect(try folder.names() == ["m.fusion.partial", "m.fusion.partial.journal"])
    let resumed = try CommandRunner.run(
      ["convert", model, "m.fusion", "--resume", "--method", "search"], in: folder.path)
    #expect(resumed.status == 0 && !resumed.output.contains("resumed   0 of"), "\(resumed.error)")
    #expect(try folder.names() == ["m.fusion"])
  }

  @Test func workThatIsNotGoneOnWithIsTold() throws {
    let folder = try TemporaryFolder()
    for name in ["m.fusion.partial", "m.fusion.partial.journal"] { try folder.write(name, text: "x") }
    let outcome = try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "m.fusion"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("m.fusion.partial holds the work of an interrupted conversion"))
  }

  @Test func aConversionThatWasFinishedIsFinished() throws {
    let folder = try TemporaryFolder()
    let words = ["convert", Fixtures.path("fusion-phi-tiny"), "m.fusion", "--resume", "--save-plan", "p.json"]
    #expect(try CommandRunner.run(words, in: folder.path).status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file("m.fusion")))
    let again = try CommandRunner.run(words, in: folder.path)
    #expect(again.status == 0 && again.output.contains("an earlier run had finished this container"), "\(again.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("m.fusion"))) == before)
    // Another conversion is not taken for it.
    let other = try CommandRunner.run(words + ["--quant", "int8"], in: folder.path)
    #expect(other.status == 73, "\(other.error)")
  }

  @Test func theContainerSaysWhichStatisticsItWasMadeWith() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    for (name, count) in [("s.stats", "2"), ("t.stats", "3")] {
      let words = ["calibrate", source, name, "--data", "synth", "--samples", count]
      #expect(try CommandRunner.run(words, in: folder.path).status == 0)
    }
    let words = ["convert", source, "m.fusion", "--resume", "--quant", "int4"]
    #expect(try CommandRunner.run(words + ["--statistics", "s.stats"], in: folder.path).status == 0)
    #expect(try folder.names() == ["m.fusion", "s.stats", "t.stats"])
    let again = try CommandRunner.run(words + ["--statistics", "s.stats"], in: folder.path)
    #expect(again.status == 0 && again.output.contains("an earlier run had finished this container"), "\(again.error)")
    for others in [["--statistics", "t.stats"], []] {
      let other = try CommandRunner.run(words + others, in: folder.path)
      #expect(other.status == 73, "\(other.error)")
    }
  }

  @Test func anEmptyOutputDoesNotBlockAnEvaluation() throws {
    let folder = try TemporaryFolder()
    try folder.write("q.jsonl", text: #"{"question_id": 1, "text": "What is it?", "answer": "a thing"}"# + "\n")
    try folder.write("r.jsonl", [])
    let outcome = try CommandRunner.run(
      ["eval", Fixtures.path("fusion-phi-tiny"), "--data", "q.jsonl", "--output", "r.jsonl", "--max-tokens", "2"],
      in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func aSignalThatWasIgnoredStaysIgnored() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.spawn(
      [
        "bash", "-c", "trap '' HUP; \"$0\" synth qa --count 200 --out set & sleep 0.2; kill -HUP $!; wait $!",
        CommandRunner.program,
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try folder.names() == ["set"])
  }

  @Test func quitEndsTheProgram() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(Self.commands[0], in: folder.path, killAfter: 0.5, signal: SIGQUIT)
    #expect(outcome.status == 128 + SIGQUIT)
  }
}
