import Foundation
import TestSupport
import Testing

/// What a user gets wrong with `eval`: exit status, message, and nothing left behind.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct EvalRefusalTests {
  @Test func malformedLine() throws {
    let folder = try EvalFiles.folder("{\"question_id\": 1, \"text\": \"a\"}\n\n{\"question_id\": 2, \"text\": 5}\n")
    try Refusal.expect(
      EvalFiles.arguments(["--output", "results.jsonl"]), in: folder, status: 65, snapshot: "error-eval-line")
  }

  @Test func missingPicture() throws {
    let folder = try EvalFiles.folder("{\"question_id\": 1, \"text\": \"a\", \"image\": \"absent.png\"}\n")
    try Refusal.expect(
      EvalFiles.arguments(["--output", "results.jsonl"]), in: folder, status: 66, snapshot: "error-eval-picture")
  }

  @Test func outputExists() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    try folder.write("results.jsonl", text: "mine")
    try Refusal.expect(
      EvalFiles.arguments(["--output", "results.jsonl"]), in: folder, status: 73, snapshot: "error-eval-output-exists")
  }

  @Test func somethingElseIsNotOverwritten() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    try folder.write("results.jsonl", text: "mine")
    let outcome = try CommandRunner.run(
      EvalFiles.arguments(["--output", "results.jsonl", "--resume"]), in: folder.path)
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(try EvalFiles.bytes("results.jsonl", in: folder) == Array("mine".utf8))
  }

  @Test func missingFiles() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    for arguments in [
      ["eval", EvalFiles.source, "--data", "absent.jsonl"], ["eval", "absent", "--data", "questions.jsonl"],
      ["eval", "--merge", "absent.jsonl", "--data", "questions.jsonl"],
    ] {
      let outcome = try CommandRunner.run(arguments, in: folder.path)
      #expect(outcome.status == 66 && outcome.error.contains("absent"), "\(arguments): \(outcome.error)")
    }
  }

  @Test func aPictureThatIsNone() throws {
    let folder = try EvalFiles.folder("{\"question_id\": 1, \"text\": \"a\", \"image\": \"questions.jsonl\"}\n")
    let outcome = try CommandRunner.run(
      ["eval", EvalFiles.source, "--data", "questions.jsonl"], in: folder.path)
    #expect(outcome.status == 65 && outcome.error.contains("questions.jsonl"), "\(outcome.error)")
    // An output without an answer is not left behind.
    let kept = try CommandRunner.run(
      ["eval", EvalFiles.source, "--data", "questions.jsonl", "--output", "results.jsonl"], in: folder.path)
    #expect(kept.status == 65, "\(kept.error)")
    #expect(try folder.names() == ["questions.jsonl"])
  }

  @Test func wrongOptions() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    let model = EvalFiles.source
    for (arguments, words) in [
      ([model], "--data"), (["--data", "questions.jsonl"], "<model>"),
      ([model, "--data", "questions.jsonl", "--merge", "a.jsonl"], "--merge"),
      ([model, "--data", "questions.jsonl", "--shard", "3/2"], "--shard"),
      ([model, "--data", "questions.jsonl", "--shard", "two"], "--shard"),
      ([model, "--data", "questions.jsonl", "--resume"], "--resume"),
      ([model, "--data", "questions.jsonl", "--limit", "0"], "--limit"),
      ([model, "--data", "questions.jsonl", "--max-tokens", "0"], "--max-tokens"),
      ([model, "--data", "questions.jsonl", "--format", "vqa"], "mmbench"),
      (["--merge", "questions.jsonl", "--data", "questions.jsonl", "--shard", "1/2"], "--shard"),
    ] {
      let outcome = try CommandRunner.run(["eval"] + arguments, in: folder.path)
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments): \(outcome.status)")
      #expect(outcome.error.contains(words), "\(arguments): \(outcome.error)")
      #expect(try folder.names() == ["questions.jsonl"])
    }
  }
}
