import Foundation
import TestSupport
import Testing

/// `eval` asks what `run` asks, and keeps what it got.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct EvalTests {
  @Test func answersAreThoseOfRun() throws {
    let folder = try EvalFiles.folder()
    _ = try EvalFiles.run(["--output", "results.jsonl"], in: folder)
    let results = try EvalFiles.results("results.jsonl", in: folder)
    #expect(results.map { $0["index"] as? Int } == [0, 1, 2, 3, 4])
    #expect(results.map { $0["id"] as? String } == ["1", "2", "3", "four", "5"])
    let asked = [
      ("What colour is it?", "image1.png"), ("Is it red?", "image3.jpg"), ("Which one?\n(A) one\n(B) two", nil),
      ("Name a prime number.", nil), ("Tell a story.", nil),
    ]
    for (result, (text, image)) in zip(results, asked) {
      let picture = image.map { ["--image", Fixtures.path("images/\($0)")] } ?? []
      let outcome = try CommandRunner.run(
        ["run", EvalFiles.source, "--prompt", text, "--max-tokens", "6", "--json"] + picture, in: folder.path)
      let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(result["answer"] as? String == report?["text"] as? String)
      #expect(result["tokens"] as? Int == (report?["tokens"] as? [Int])?.count)
    }
    #expect(results.map { $0["score"] is NSNull } == [false, false, false, false, true])
  }

  /// What the model says is made the right answer, once it is known.
  @Test func rightAnswersCount() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    _ = try EvalFiles.run(["--output", "first.jsonl"], in: folder)
    var lines = ["{\"question_id\": 0, \"text\": \"Hello\", \"answer\": \"certainly not this\", \"type\": \"short\"}"]
    for (line, result) in zip(EvalFiles.short.split(separator: "\n"), try EvalFiles.results("first.jsonl", in: folder))
    {
      var question = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      question["answer"] = result["answer"]
      question["type"] = "short"
      lines.append(String(decoding: try JSONSerialization.data(withJSONObject: question), as: UTF8.self))
    }
    try folder.write("questions.jsonl", text: lines.joined(separator: "\n"))
    let outcome = try EvalFiles.run(["--json"], in: folder)
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let overall = report?["overall"] as? [String: Any]
    #expect(overall?["rightCount"] as? Int == 3)
    #expect(overall?["accuracy"] as? Double == 0.75)
    // Wilson's interval of 3 of 4.
    #expect(abs((overall?["lower"] as? Double ?? 0) - 0.3006) < 1e-4)
    #expect(abs((overall?["upper"] as? Double ?? 0) - 0.9544) < 1e-4)
  }

  @Test func pictureInTheTable() throws {
    let folder = try TemporaryFolder()
    let picture = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/image3.jpg")))
    let text = "index\tquestion\tA\tB\tanswer\timage\n1\tWhat is it?\tcat\tdog\tA\t\(picture.base64EncodedString())\n"
    try folder.write("questions.jsonl", text: text)
    _ = try EvalFiles.run(["--output", "results.jsonl"], in: folder)
    let prompt = "What is it?\nA. cat\nB. dog\nAnswer with the option's letter from the given choices directly."
    let outcome = try CommandRunner.run(
      [
        "run", EvalFiles.source, "--prompt", prompt, "--max-tokens", "6", "--json", "--image",
        Fixtures.path("images/image3.jpg"),
      ], in: folder.path)
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(
      try EvalFiles.results("results.jsonl", in: folder).first?["answer"] as? String == report?["text"] as? String)
  }

  @Test func onlyTheFirstQuestions() throws {
    let folder = try EvalFiles.folder(EvalFiles.short)
    _ = try EvalFiles.run(["--limit", "2", "--output", "results.jsonl"], in: folder)
    #expect(try EvalFiles.results("results.jsonl", in: folder).count == 2)
  }

  @Test func theReportIsReviewedText() throws {
    let folder = try EvalFiles.folder()
    let outcome = try EvalFiles.run(["--progress", "plain"], in: folder)
    try Snapshot.expect(outcome.output, matches: "eval")
    #expect(outcome.error.contains("answering") && outcome.error.contains("questions/s"))
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100) }
  }

  @Test func everyFieldIsDocumented() throws {
    let folder = try EvalFiles.folder()
    try folder.write("questions.jsonl", text: "{\"question_id\": 1, \"text\": \"Is it?\", \"answer\": \"no\"}")
    let report =
      try JSONSerialization.jsonObject(
        with: Data(try EvalFiles.run(["--json"], in: folder).output.utf8)) as? [String: Any] ?? [:]
    let overall = report["overall"] as? [String: Any] ?? [:]
    #expect(!report.isEmpty && !overall.isEmpty)
    let text = try String(contentsOfFile: "\(Fixtures.repository)/formats/questions.md", encoding: .utf8)
    let section = try #require(text.range(of: "### Report")).upperBound
    for name in Array(report.keys) + Array(overall.keys) {
      #expect(text[section...].contains("`\(name)`"), "\(name) is not in formats/questions.md")
    }
  }
}
