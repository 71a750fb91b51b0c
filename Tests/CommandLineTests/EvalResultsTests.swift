import Foundation
import TestSupport
import Testing

/// Results in parts, after an interruption, and damaged.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct EvalResultsTests {
  @Test(arguments: [2, 5])
  func partsMakeTheWhole(count: Int) throws {
    let folder = try EvalFiles.folder()
    let whole = try EvalFiles.run(["--output", "whole.jsonl", "--json"], in: folder)
    for number in 1...count {
      _ = try EvalFiles.run(["--shard", "\(number)/\(count)", "--output", "part\(number).jsonl"], in: folder)
    }
    // In any order.
    let parts = (1...count).reversed().map { "part\($0).jsonl" }
    let merged = try CommandRunner.run(
      ["eval", "--data", "questions.jsonl", "--output", "merged.jsonl", "--json", "--merge"] + parts, in: folder.path)
    #expect(merged.status == 0, "\(merged.error)")
    #expect(merged.output == whole.output)
    #expect(try EvalFiles.bytes("merged.jsonl", in: folder) == EvalFiles.bytes("whole.jsonl", in: folder))
  }

  @Test func anInterruptionLeavesNoTrace() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    let first = try EvalFiles.run(["--output", "whole.jsonl", "--json"], in: folder)
    let whole = try EvalFiles.bytes("whole.jsonl", in: folder)
    let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
    var random = SplitMix64(seed: 5)
    // Nothing, parts of the first line, around the ends of lines, everything, and anywhere.
    let cuts =
      [0, 1] + ends.flatMap { [$0, $0 + 1, $0 + 2] }
      + (0..<4).map { _ in Int.random(in: 0..<whole.count, using: &random) }
    for cut in cuts {
      try folder.write("results.jsonl", Array(whole.prefix(cut)))
      let outcome = try EvalFiles.run(["--output", "results.jsonl", "--resume", "--json"], in: folder)
      #expect(try EvalFiles.bytes("results.jsonl", in: folder) == whole, "cut at \(cut)")
      #expect(outcome.output == first.output, "cut at \(cut)")
    }
  }

  @Test func aKilledRunIsGoneOnWith() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    _ = try EvalFiles.run(["--output", "whole.jsonl"], in: folder)
    let whole = try EvalFiles.bytes("whole.jsonl", in: folder)
    for seconds in [0.05, 0.15, 0.3, 0.5] {
      _ = try CommandRunner.run(
        EvalFiles.arguments(["--output", "results.jsonl", "--resume"]), in: folder.path, killAfter: seconds)
      let left = try folder.names().contains("results.jsonl") ? EvalFiles.bytes("results.jsonl", in: folder) : []
      #expect(whole.starts(with: left), "killed after \(seconds) s")
    }
    _ = try EvalFiles.run(["--output", "results.jsonl", "--resume"], in: folder)
    #expect(try EvalFiles.bytes("results.jsonl", in: folder) == whole)
  }

  @Test func onlyOneProcessWrites() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    try folder.write("results.jsonl", text: "")
    let outcome = try CommandRunner.spawn(
      ["flock", "results.jsonl", CommandRunner.program]
        + EvalFiles.arguments(["--output", "results.jsonl", "--resume"]),
      in: folder.path)
    #expect(outcome.status == 73 && outcome.error.contains("another process writes the output"), "\(outcome.error)")
  }

  /// A container with the same weights is another model by its fingerprint, and gives the same answers.
  @Test func aContainerAnswersAlike() throws {
    let folder = try EvalFiles.folder()
    _ = try EvalFiles.run(["--output", "checkpoint.jsonl"], in: folder)
    let convert = try CommandRunner.run([EvalFiles.source, "model.fusion", "--quant", "keep"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    let outcome = try CommandRunner.run(
      ["eval", "model.fusion"] + EvalFiles.arguments(["--output", "container.jsonl"]).dropFirst(2), in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let files = try ["checkpoint.jsonl", "container.jsonl"].map {
      try EvalFiles.bytes($0, in: folder).split(separator: UInt8(ascii: "\n"))
    }
    #expect(files[0].dropFirst() == files[1].dropFirst())
    #expect(files[0].first != files[1].first)
  }

  @Test func resumingNothingBegins() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    _ = try EvalFiles.run(["--output", "a.jsonl"], in: folder)
    _ = try EvalFiles.run(["--output", "b.jsonl", "--resume"], in: folder)
    #expect(try EvalFiles.bytes("a.jsonl", in: folder) == EvalFiles.bytes("b.jsonl", in: folder))
  }

  /// Options that change answers, and other questions, make other results.
  @Test(arguments: [
    (["--max-tokens", "7"], "maxTokens"), (["--activations", "int8"], "activations"),
    (["--tokenizer", "fast"], "tokenizer"),
    (["--system", "Be brief."], "system"), (["--limit", "2"], "count"), (["--shard", "1/2"], "shard"),
    (["--data", "others.jsonl"], "data"),
  ])
  func otherResultsAreNotGoneOnWith(options: [String], field: String) throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    try folder.write("others.jsonl", text: EvalFiles.short.replacingOccurrences(of: "Hello", with: "Hullo"))
    _ = try EvalFiles.run(["--output", "results.jsonl"], in: folder)
    let before = try EvalFiles.bytes("results.jsonl", in: folder)
    let outcome = try CommandRunner.run(
      Self.replacing(EvalFiles.arguments(["--output", "results.jsonl", "--resume"]), options), in: folder.path)
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.error.contains("line 1, field \(field)"), "\(outcome.error)")
    #expect(try EvalFiles.bytes("results.jsonl", in: folder) == before)
  }

  /// Arguments with one option given another value, or added.
  private static func replacing(_ arguments: [String], _ option: [String]) -> [String] {
    var kept: [String] = []
    var isValue = false
    for argument in arguments {
      if isValue {
        isValue = false
      } else if argument == option[0] {
        isValue = true
      } else {
        kept.append(argument)
      }
    }
    return kept + option
  }

  /// Another model of the same family, by one changed weight.
  @Test func anotherModelIsNotGoneOnWith() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    _ = try EvalFiles.run(["--output", "results.jsonl"], in: folder)
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("other")) { tensors in
      tensors["model.norm.weight"]?.bytes[0] ^= 1
    }
    let outcome = try CommandRunner.run(
      ["eval", "other", "--data", "questions.jsonl", "--max-tokens", "6", "--output", "results.jsonl", "--resume"],
      in: folder.path)
    #expect(outcome.status == 65 && outcome.error.contains("line 1, field model"), "\(outcome.error)")
  }

  @Test func damagedResultsAreRefused() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    _ = try EvalFiles.run(["--output", "whole.jsonl"], in: folder)
    let lines = String(decoding: try EvalFiles.bytes("whole.jsonl", in: folder), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    let damages: [(lines: [String], line: Int)] = [
      ([lines[0], "{}", lines[2]], 2), ([lines[0], lines[2], lines[1]], 2), (["hello"] + lines[1...], 1),
      ([lines[0], lines[1], lines[2].replacingOccurrences(of: "\"score\":0", with: "\"score\":1")], 3),
      (lines + [lines[3]], 5), ([lines[1]], 1),
    ]
    for damage in damages {
      try folder.write("results.jsonl", text: damage.lines.joined(separator: "\n") + "\n")
      let outcome = try CommandRunner.run(
        EvalFiles.arguments(["--output", "results.jsonl", "--resume", "--json"]), in: folder.path)
      #expect(outcome.status == 65 && outcome.error.contains("line \(damage.line)"), "\(outcome.error)")
      #expect(outcome.output.contains("\"eval.results\""))
    }
  }

  @Test func partsThatMakeNoWhole() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    for part in ["1/2", "2/2"] {
      _ = try EvalFiles.run(["--shard", part, "--output", "part\(part.prefix(1)).jsonl"], in: folder)
    }
    let second = try EvalFiles.bytes("part2.jsonl", in: folder)
    try folder.write("cut.jsonl", Array(second.dropLast()))
    try folder.write("short.jsonl", Array(second.prefix { $0 != UInt8(ascii: "\n") }) + [UInt8(ascii: "\n")])
    for (parts, words) in [
      (["part1.jsonl"], "no part 2/2"), (["part1.jsonl", "part1.jsonl"], "each part once"),
      (["part1.jsonl", "cut.jsonl"], "cut off"), (["part1.jsonl", "short.jsonl"], "1 answers"),
    ] {
      let outcome = try CommandRunner.run(
        ["eval", "--data", "questions.jsonl", "--output", "merged.jsonl", "--merge"] + parts, in: folder.path)
      #expect(outcome.status == 65 && outcome.error.contains(words), "\(parts): \(outcome.error)")
      #expect(try !folder.names().contains("merged.jsonl"))
    }
    try folder.write("questions.jsonl", text: EvalFiles.short + "{\"question_id\": 9, \"text\": \"More?\"}\n")
    let outcome = try CommandRunner.run(
      ["eval", "--data", "questions.jsonl", "--merge", "part1.jsonl", "part2.jsonl"], in: folder.path)
    #expect(outcome.status == 65 && outcome.error.contains("the results are of other questions"), "\(outcome.error)")
  }
}
