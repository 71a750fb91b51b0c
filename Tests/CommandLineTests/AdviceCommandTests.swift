import Foundation
import TestSupport
import Testing

/// `convert --dry-run --compare` through the real program. One after the other: every run takes all cores.
@Suite(.serialized) struct AdviceCommandTests {
  private static let source = Fixtures.path("fusion-phi-tiny")

  private func compare(_ options: [String], in folder: TemporaryFolder) throws -> CommandRunner.Outcome {
    try CommandRunner.run(["convert", Self.source, "m.fusion", "--dry-run", "--compare"] + options, in: folder.path)
  }

  /// The text without times. What a compression library makes of codes is not in it: nothing is compressed.
  private func masked(_ text: String, _ folder: TemporaryFolder) -> String {
    Snapshot.normalized(text, folder: folder.path).components(separatedBy: "\n").map { line in
      guard line.hasPrefix("  --") || line.hasPrefix("  options") else { return line }
      let line = line.replacing(/\ {2,}/, with: "  ").replacing(/[0-9.]+ s\b|[0-9]+ min [0-9]+ s\b/, with: "TIME")
      return "  " + line.drop { $0 == " " }
    }.joined(separator: "\n")
  }

  @Test func theTableIsReviewedText() throws {
    let folder = try TemporaryFolder()
    let outcome = try compare(["--compression", "none", "--keep", "language.head*"], in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    try Snapshot.expect(masked(outcome.output, folder), matches: "convert-compare")
    #expect(try folder.names().isEmpty)
  }

  @Test func statisticsGiveAwqARow() throws {
    let folder = try TemporaryFolder()
    let collected = try CommandRunner.run(
      ["calibrate", Self.source, "s.safetensors", "--data", "synth", "--samples", "4", "--full", "--quiet"],
      in: folder.path)
    #expect(collected.status == 0, "\(collected.error)")
    let outcome = try compare(["--statistics", "s.safetensors", "--json"], in: folder)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["schema"] as? String == "fusion-convert.advice/1" && report["inputBasis"] as? String == "products")
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(rows.count == 13 && rows.contains { $0["options"] as? String == "--quant int4-g32 --method awq" })
    #expect(rows.allSatisfy { $0["measuredDivergence"] == nil })
    #expect(try folder.names() == ["s.safetensors"])
  }

  @Test func conversionsAreMeasuredAndRemoved() throws {
    let folder = try TemporaryFolder()
    try folder.write("q.jsonl", text: #"{"question_id": 1, "text": "What is this?"}"#)
    let outcome = try compare(["--measure", "q.jsonl"], in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let lines = outcome.output.components(separatedBy: "\n")
    #expect(lines.contains { $0.hasPrefix("  options") && $0.contains("measured") && !$0.contains("estimated") })
    #expect(lines.contains { $0.hasPrefix("  --quant keep") && $0.contains(" 0  ") }, "\(outcome.output)")
    #expect(lines.contains { $0.hasPrefix("least memory:") && $0.contains("--quant ") })
    #expect(try folder.names() == ["q.jsonl"])
    let missing = try compare(["--measure", "absent.jsonl"], in: folder)
    #expect(missing.status == 66 && missing.output.isEmpty, "\(missing.error)")
  }

  @Test(arguments: [
    ["--quant", "int8"], ["--group-size", "64"], ["--method", "rtn"], ["--coding", "entropy"],
    ["--target-size", "1MB"], ["--target-bits", "4"],
  ])
  func whatTheTableVariesIsRefused(options: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try compare(options, in: folder)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.error.contains("leave out \(options[0])"), "\(outcome.error)")
    #expect(try folder.names().isEmpty)
  }

  @Test func theTableIsPartOfADryRun() throws {
    let folder = try TemporaryFolder()
    let wet = try CommandRunner.run(["convert", Self.source, "m.fusion", "--compare"], in: folder.path)
    #expect(wet.status == 64 && wet.error.contains("--dry-run"), "\(wet.error)")
    let alone = try CommandRunner.run(
      ["convert", Self.source, "m.fusion", "--dry-run", "--measure", "q.jsonl"], in: folder.path)
    #expect(alone.status == 64 && alone.error.contains("--compare"), "\(alone.error)")
    #expect(try folder.names().isEmpty)
  }
}
