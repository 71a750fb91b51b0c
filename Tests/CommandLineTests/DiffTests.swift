import Foundation
import TestSupport
import Testing

/// `diff` through the real program. One after the other: every run takes all cores.
@Suite(.serialized) struct DiffTests {
  private static let quick = ["--samples", "1", "--text-samples", "2", "--max-tokens", "4"]
  private static let textOnly = ["--samples", "0", "--text-samples", "2"]

  /// A folder with the fixture as int4.
  private func converted() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      [Fixtures.path("fusion-phi-tiny"), "m.fusion", "--quant", "int4", "--quiet"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    return folder
  }

  private func diff(_ options: [String], in folder: TemporaryFolder) throws -> CommandRunner.Outcome {
    try CommandRunner.run(["diff", Fixtures.path("fusion-phi-tiny"), "m.fusion"] + options, in: folder.path)
  }

  private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func oneReportInFourForms() throws {
    let folder = try converted()
    let outcome = try diff(Self.quick + ["--html", "r.html", "--markdown", "r.md", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["schema"] as? String == "fusion-convert.diff/2")
    let outputs = try #require((json["outputs"] as? [String: Any])?["all"] as? [String: Any])
    let divergence = try #require((outputs["divergence"] as? [String: Any])?["mean"] as? [String: Any])
    let mean = try #require(divergence["value"] as? Double)
    #expect(mean > 0.001 && mean < 1)
    let html = try text(folder, "r.html")
    let markdown = try text(folder, "r.md")
    #expect(html.contains("language.layers.0.attention.qkv.weight") && markdown.contains("decoder.hidden.0"))
    #expect(html.contains("<!doctype html>") || html.contains("<!DOCTYPE html>"))
    for reference in ["src=\"http", "href=\"http", "url(http", "@import"] {
      #expect(!html.contains(reference), "no request to any network")
    }
    let again = try diff(Self.quick + ["--html", "r.html"], in: folder)
    #expect(again.status == 73 && again.error.contains("--force"), "\(again.error)")
    let terminal = try diff(Self.quick, in: folder)
    #expect(terminal.status == 0 && terminal.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(terminal.output.contains("VERDICT"))
  }

  @Test func aMissedLimitIsStatusThree() throws {
    let folder = try converted()
    let missed = try diff(Self.textOnly + ["--fail-above", "kld.mean=0.000001", "--html", "r.html"], in: folder)
    #expect(missed.status == 3, "\(missed.error)")
    #expect(missed.output.contains("kld.mean"))
    #expect(try text(folder, "r.html").contains("kld.mean"), "the report is written all the same")
    #expect(try diff(Self.textOnly + ["--fail-above", "kld.mean=50", "--quiet"], in: folder).status == 0)
    #expect(try diff(Self.textOnly + ["--preset", "strict", "--quiet"], in: folder).status == 3)
    let twice = ["--fail-above", "kld.mean=50", "--fail-above", "text.top1.disagreement=0.000001", "--quiet"]
    #expect(try diff(Self.textOnly + twice, in: folder).status == 3)
  }

  @Test func aPlanGoesFromDiffToConvert() throws {
    let folder = try converted()
    let found = try diff(Self.textOnly + ["--sensitivity", "layers", "--plan", "p.json", "--quiet"], in: folder)
    #expect(found.status == 0, "\(found.error)")
    let plan = try #require(
      try JSONSerialization.jsonObject(with: Data(try text(folder, "p.json").utf8)) as? [String: Any])
    let schemes = try #require(plan["tensors"] as? [String: String])
    #expect(schemes.values.contains("int8") && schemes.values.contains("int4-cs-g32"))
    let again = try CommandRunner.run(
      [Fixtures.path("fusion-phi-tiny"), "wider.fusion", "--plan", "p.json", "--json"], in: folder.path)
    #expect(again.status == 0, "\(again.error)")
    let inspected = try CommandRunner.run(["inspect", "wider.fusion", "--json"], in: folder.path)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(inspected.output.utf8)) as? [String: Any])
    for tensor in try #require(report["tensors"] as? [[String: Any]]) {
      guard let name = tensor["canonicalName"] as? String, let scheme = schemes[name] else { continue }
      #expect(tensor["scheme"] as? String == scheme, "\(name)")
    }
  }

  @Test func questionsComeFromAFile() throws {
    let folder = try converted()
    try FileManager.default.copyItem(atPath: Fixtures.path("images/image1.png"), toPath: folder.file("picture.png"))
    let lines = [
      #"{"question_id": 1, "image": "picture.png", "text": "Is there a circle?", "answer": "yes", "category": "one"}"#,
      #"{"question_id": 2, "text": "What is two and two?", "answer": "four", "category": "two"}"#,
    ]
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder.file("q.jsonl")))
    let outcome = try diff(["--data", "q.jsonl", "--max-tokens", "2", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let data = try #require(json["data"] as? [String: Any])
    #expect(data["source"] as? String == "q.jsonl")
    #expect(data["imageSampleCount"] as? Int == 1 && data["textSampleCount"] as? Int == 1)
    let categories = try #require((json["answers"] as? [String: Any])?["categories"] as? [[String: Any]])
    #expect(categories.compactMap { $0["category"] as? String } == ["one", "two"])
  }

  @Test func aPlainTextIsReadInWindows() throws {
    let folder = try converted()
    try folder.write("text.txt", text: String(repeating: "It was a bright cold day in April. ", count: 40))
    let options = ["--text", "text.txt", "--context", "50", "--chunks", "3", "--html", "r.html", "--markdown", "r.md"]
    let outcome = try diff(options + ["--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let data = try #require(json["data"] as? [String: Any])
    #expect(data["source"] as? String == "text.txt" && data["windowLength"] as? Int == 50)
    #expect(data["textSampleCount"] as? Int == 3 && data["imageSampleCount"] as? Int == 0)
    #expect(data["positionCount"] as? Int == 147 && json["answers"] == nil)
    let terminal = try diff(options + ["--force", "--no-answers"], in: folder)
    #expect(terminal.status == 0, "\(terminal.error)")
    for report in [terminal.output, try text(folder, "r.html"), try text(folder, "r.md")] {
      #expect(report.contains("text.txt: 3 windows of 50 tokens of plain text, 147 positions"))
    }
  }

  /// Options that cannot be followed, and the exit status.
  struct Failure: Sendable {
    let options: [String]
    let status: Int32
    let words: String
  }

  static let failures = [
    Failure(options: ["--fail-above", "kld.mean"], status: 64, words: "kld.mean=0.02"),
    Failure(options: ["--fail-above", "speed=1"], status: 64, words: "kld.mean"),
    Failure(options: ["--plan", "p.json"], status: 64, words: "--sensitivity"),
    Failure(options: ["--samples", "0", "--text-samples", "0"], status: 64, words: "--text-samples"),
    Failure(options: ["--images", "."], status: 64, words: "--data"),
    Failure(options: ["--memory", "much"], status: 64, words: "--memory"),
    Failure(options: ["--data", "none.jsonl"], status: 66, words: "none.jsonl"),
    Failure(options: ["--text", "none.txt"], status: 66, words: "none.txt"),
    Failure(options: ["--text", "m.fusion"], status: 65, words: "not UTF-8"),
    Failure(options: ["--text", "m.fusion", "--context", "1"], status: 64, words: "a whole number from 2 to"),
    Failure(options: ["--text", "m.fusion", "--chunks", "0"], status: 64, words: "a whole number from 1 to"),
    Failure(options: ["--text", "t", "--data", "q.jsonl"], status: 64, words: "--text and --data exclude each other"),
    Failure(options: ["--text", "t", "--samples", "16"], status: 64, words: "--text and --samples exclude each other"),
    Failure(options: ["--text", "t", "--max-tokens", "9"], status: 64, words: "--text and --max-tokens exclude"),
    Failure(options: ["--context", "512"], status: 64, words: "--context needs --text"),
    Failure(options: ["--chunks", "4"], status: 64, words: "--chunks needs --text"),
    Failure(options: ["--html", "m.fusion"], status: 73, words: "inputs"),
    Failure(options: ["--html", "m.fusion", "--force"], status: 73, words: "inputs"),
    Failure(options: ["--html", "r", "--markdown", "r"], status: 73, words: "two outputs"),
    Failure(options: ["--html", "no/such/folder.html"], status: 73, words: "no/such/folder.html"),
  ]

  @Test(arguments: failures)
  func whatCannotBeDoneIsSaidAtOnce(failure: Failure) throws {
    let folder = try converted()
    let outcome = try diff(failure.options, in: folder)
    #expect(outcome.status == failure.status, "\(outcome.error)")
    #expect(outcome.error.contains(failure.words), "\(outcome.error)")
    #expect(outcome.output.isEmpty)
    #expect(try folder.names() == ["m.fusion"])
  }
}
