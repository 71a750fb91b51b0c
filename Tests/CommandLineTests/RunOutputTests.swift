import Foundation
import FusionCore
import TestSupport
import Testing

/// What `run` prints, where, and in which form.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct RunOutputTests {
  private let source = Fixtures.path("fusion-phi-tiny")

  private func document(_ outcome: CommandRunner.Outcome) throws -> [String: Any] {
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any] ?? [:]
  }

  @Test func figuresGoToStandardError() throws {
    let folder = try TemporaryFolder()
    let arguments = ["run", source, "--prompt", "Hello", "--max-tokens", "4", "--ignore-end"]
    let loud = try CommandRunner.run(arguments, in: folder.path)
    for words in ["prompt ", "answer    4 tokens", "tokens/s", "tokenizer SentencePiece", "memory    peak"] {
      #expect(loud.error.contains(words), "\(words): \(loud.error)")
    }
    let quiet = try CommandRunner.run(arguments + ["--quiet"], in: folder.path)
    #expect(quiet.status == 0 && quiet.error.isEmpty && quiet.output == loud.output && quiet.output.hasSuffix("\n"))
    let verbose = try CommandRunner.run(arguments + ["--verbose"], in: folder.path)
    #expect(verbose.error.contains("  ids       ") && verbose.output == loud.output)
  }

  @Test(arguments: GoldenAnswer.fixtures)
  func jsonIsOneDocument(fixture: String) throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load(fixture, "case1")
    let outcome = try CommandRunner.run(
      ["run", Fixtures.path(fixture), "--json", "--progress", "plain"] + golden.options, in: folder.path)
    #expect(outcome.error.contains("looking at the picture") && outcome.error.contains("reading the prompt"))
    let report = try document(outcome)
    #expect(report["schema"] as? String == "fusion-convert.run/1")
    #expect(report["text"] as? String == golden.generated.text)
    #expect(report["tokens"] as? [Int] == golden.generated.ids)
    #expect(report["promptTokens"] as? Int == golden.seqLen)
    #expect(report["queryLength"] as? Int == golden.queryLen)
    #expect(report["imageTokens"] as? Int == golden.numPatches)
    #expect(report["weights"] as? String == "resident" && report["activations"] as? String == "float32")
    #expect(report["tokensPerSecond"] as? Double ?? 0 > 0 && report["prefillTokensPerSecond"] as? Double ?? 0 > 0)
    let timings = report["timings"] as? [String: Double] ?? [:]
    #expect(timings.keys.sorted() == ["decode", "load", "prefill", "vision"] && timings.values.allSatisfy { $0 > 0 })
    let turns = report["turns"] as? [[String: Any]] ?? []
    #expect(turns.count == 1 && turns.first?["question"] as? String == golden.question)
    #expect(turns.first?["stop"] as? String == "length")
    #expect((turns.first?["promptIds"] as? [Int])?.filter { $0 < 0 } == [-300, -200])
  }

  @Test func everyFieldIsDocumented() throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load("fusion-phi-tiny", "case1")
    let report = try document(
      try CommandRunner.run(["run", source, "--json"] + golden.options, in: folder.path))
    var found = Set(report.keys)
    for (name, value) in report {
      if let fields = value as? [String: Any] { found.formUnion(fields.keys.map { "\(name).\($0)" }) }
      if let list = value as? [[String: Any]] { found.formUnion(list.flatMap { $0.keys.map { "\(name)[].\($0)" } }) }
    }
    let documented = Set(try FormatDocument("runtime.md").names(under: "### JSON of run"))
    #expect(found == documented)
  }

  @Test func twoQuestionsAreOneConversation() throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load("fusion-phi-tiny", "case1")
    let arguments = ["run", source] + golden.options + ["--prompt", "And the square?"]
    let printed = try CommandRunner.run(arguments, in: folder.path)
    let report = try document(try CommandRunner.run(arguments + ["--json"], in: folder.path))
    let turns = report["turns"] as? [[String: Any]] ?? []
    let texts = turns.compactMap { $0["text"] as? String }
    #expect(texts.count == 2 && texts.first == golden.generated.text && report["text"] as? String == texts.last)
    #expect(printed.status == 0 && printed.output == texts.joined(separator: "\n\n") + "\n")
    // The second prompt holds the first one, its answer, and latents of its own.
    let ids = turns.compactMap { $0["promptIds"] as? [Int] }
    let lengths = turns.compactMap { $0["promptTokens"] as? Int }
    #expect(ids.count == 2 && ids[1].starts(with: ids[0]) && ids[1].filter { $0 == -300 }.count == 2)
    #expect(lengths.count == 2 && lengths[1] > lengths[0] + 24 + 16)
  }

  /// The answer of this case has a control character, U+0004.
  @Test func controlCharactersDoNotReachATerminal() throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load("fusion-phi-tiny", "case1")
    #expect(golden.generated.text.contains("\u{4}"))
    let words = [CommandRunner.program, "run", source, "--quiet"] + golden.options
    let quoted = words.map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
    let outcome = try CommandRunner.spawn(["script", "-qec", quoted, "/dev/null"], in: folder.path)
    let shown = golden.generated.text.replacing("\u{4}", with: "\\u{4}")
    #expect(outcome.status == 0 && outcome.output.contains(shown), "\(outcome.output)")
    #expect(!outcome.output.contains("\u{4}"))
  }

  @Test func proseKeepsItsLinesAndScripts() {
    let prose = "two\nlines\tand \u{200D}\u{200F} joiners"
    #expect(prose.proseEscapedForTerminal == prose)
    let hostile = "a\u{1B}[31m\rb\u{7}\u{9B}2J\u{202E}c\u{0}\u{7F}\u{2066}"
    #expect(
      hostile.proseEscapedForTerminal == #"a\u{1B}[31m\u{D}b\u{7}\u{9B}2J\u{202E}c\u{0}\u{7F}\u{2066}"#)
  }
}
