import Foundation
import FusionCore
import TestSupport
import Testing

/// `synth qa` as a user runs it.
@Suite struct SynthQuestionsTests {
  @Test func aSetIsWrittenAndCounted() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["synth", "qa", "--count", "12", "--seed", "3", "--size", "64", "--out", "set", "--json"], in: folder.path)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["schema"] as? String == "fusion-convert.synth-qa/1")
    #expect(report["questionCount"] as? Int == 12 && report["pictureCount"] as? Int == 3)
    let questions = try String(contentsOfFile: folder.file("set/questions.jsonl"), encoding: .utf8)
    #expect(questions.split(separator: "\n").count == 12)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set/images")).count == 3)
  }

  @Test func categoriesCanBeChosen() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["synth", "qa", "--count", "10", "--size", "64", "--out", "set", "--categories", "SynthText"], in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("Wrote 10 questions about 2 pictures, "))
    #expect(outcome.output.hasSuffix("  SynthText 10\n"))
  }

  @Test(arguments: [
    (["--count", "0"], "the value '0' is invalid for '--count <n>': it takes a whole number from 1 to 10000000"),
    (
      ["--count", "10000001"],
      "the value '10000001' is invalid for '--count <n>': it takes a whole number from 1 to 10000000"
    ),
    (
      ["--count", "5", "--size", "63"],
      "the value '63' is invalid for '--size <n>': it takes a whole number from 64 to 1024"
    ),
    (["--count", "5", "--categories", "SynthColors"], "SynthColors"),
  ])
  func wrongOptionsAreRefused(options: [String], message: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(["synth", "qa", "--out", "set"] + options, in: folder.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(try folder.names() == [])
  }

  @Test func anExistingFolderIsKept() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("set"), withIntermediateDirectories: true)
    try folder.write("set/mine.txt", text: "mine")
    let arguments = ["synth", "qa", "--count", "5", "--size", "64", "--out", "set"]
    let refused = try CommandRunner.run(arguments, in: folder.path)
    #expect(refused.status == 73 && refused.error.contains("--force"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set")) == ["mine.txt"])
    let forced = try CommandRunner.run(arguments + ["--force"], in: folder.path)
    #expect(forced.status == 73 && forced.error.contains("found:    mine.txt"), "\(forced.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set")) == ["mine.txt"])
    try folder.remove("set/mine.txt")
    #expect(try CommandRunner.run(arguments, in: folder.path).status == 0)
    let replaced = try CommandRunner.run(arguments + ["--force", "--count", "1"], in: folder.path)
    #expect(replaced.status == 0, "\(replaced.error)")
    #expect(try folder.names() == ["set"])
  }
}
