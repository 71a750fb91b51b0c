import Foundation
import TestSupport
import Testing

/// Measures of known answers, which are put into a file of results in place of the model's.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct EvalScoreTests {
  /// The report that answers give, each with the score that it must have.
  private func report(
    _ questions: [String], _ answers: [(answer: String, score: Double)], _ options: [String] = []
  ) throws -> [String: Any] {
    let folder = try EvalFiles.folder(questions.joined(separator: "\n"))
    _ = try EvalFiles.run(["--output", "model.jsonl"] + options, in: folder)
    let model = String(decoding: try EvalFiles.bytes("model.jsonl", in: folder), as: UTF8.self)
    var lines = model.split(separator: "\n").map(String.init)
    try #require(lines.count == answers.count + 1)
    for (index, (answer, score)) in answers.enumerated() {
      let question = try #require(lines[index + 1].firstRange(of: ",\"answer\":")).lowerBound
      lines[index + 1] =
        lines[index + 1][..<question] + ",\"answer\":\"\(answer)\",\"score\":\(score),\"lenientScore\":\(score),"
        + "\"tokens\":1,\"stop\":\"endToken\"}"
    }
    try folder.write("known.jsonl", text: lines.joined(separator: "\n") + "\n")
    let outcome = try CommandRunner.run(
      ["eval", "--data", "questions.jsonl", "--json", "--merge", "known.jsonl"] + options, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any] ?? [:]
  }

  /// Four questions each way; of the three answers yes two are right, and one answer is neither.
  @Test func yesAndNo() throws {
    let questions = (0..<8).map {
      "{\"question_id\": \($0), \"text\": \"Is it?\", \"label\": \"\($0 < 4 ? "yes" : "no")\"}"
    }
    let answers = [
      ("Yes.", 1.0), ("yes", 1), ("No", 0), ("maybe", 0), ("Yes", 0), ("no", 1), ("There is none, no.", 1),
      ("Not so", 1),
    ]
    let overall = try #require(try report(questions, answers)["overall"] as? [String: Any])
    #expect(overall["accuracy"] as? Double == 0.625)
    #expect(overall["rightCount"] as? Int == 5)
    #expect(overall["unreadableCount"] as? Int == 1)
    #expect(overall["baseline"] as? Double == 0.5)
    #expect(overall["baselineAnswer"] as? String == "no")
    let yesNo = try #require(overall["yesNo"] as? [String: Double])
    #expect(yesNo["precision"] == 2.0 / 3)
    #expect(yesNo["recall"] == 0.5)
    #expect(yesNo["f1"] == 4.0 / 7)
    #expect(yesNo["yesRatio"] == 0.375)
  }

  /// Colour has three of four answers right and one of two pairs, reasoning everything: 75 + 50, and 100 + 100.
  @Test func pairsOfMME() throws {
    let questions = [("color", "1"), ("color", "2"), ("code_reasoning", "1")].flatMap { category, picture in
      ["yes", "no"].map { answer in
        """
        {"question_id": "\(category)/\(picture)", "text": "Is it \(answer)?", "category": "\(category)", \
        "answer": "\(answer)"}
        """
      }
    }
    let answers = [("yes", 1.0), ("no", 1), ("yes", 1), ("yes", 0), ("yes", 1), ("no", 1)]
    let report = try report(questions, answers, ["--format", "mme"])
    let mme = try #require(report["mme"] as? [String: Any])
    #expect(mme["perception"] as? Double == 125 && mme["cognition"] as? Double == 200)
    // Not of 2000 and 800: one category of each was asked.
    #expect(mme["perceptionMaximum"] as? Double == 200 && mme["cognitionMaximum"] as? Double == 200)
    #expect((mme["missingCategories"] as? [String])?.count == 12)
    let categories = try #require(report["categories"] as? [[String: Any]])
    #expect(categories.map { $0["name"] as? String } == ["code_reasoning", "color"])
    #expect(categories.map { $0["groupCount"] as? Int } == [1, 2])
    #expect(categories.map { $0["rightGroupCount"] as? Int } == [1, 1])
    #expect((report["overall"] as? [String: Any])?["groupCount"] as? Int == 3)
  }

  /// Two of ten people said red, eight blue: 0.6 for red, and always blue would be 1.
  @Test func softScore() throws {
    let people = (0..<10).map { $0 < 2 ? "\"red\"" : "\"blue\"" }.joined(separator: ",")
    let questions = (1...2).map { "{\"question_id\": \($0), \"text\": \"Colour?\", \"answers\": [\(people)]}" }
    let overall = try #require(
      try report(questions, [("The red.", 0.6), ("green", 0)])["overall"] as? [String: Any])
    #expect(abs((overall["accuracy"] as? Double ?? 0) - 0.3) < 1e-15)
    #expect(overall["rightCount"] as? Int == 1)
    #expect(overall["baselineAnswer"] as? String == "blue")
    #expect(overall["baseline"] as? Double == 1)
    // (0.6 + z²/2 ± z sqrt(0.6 1.4 / 2 + z²/4)) / (2 + z²)
    #expect(abs((overall["lower"] as? Double ?? 0) - 0.0373175) < 1e-6)
    #expect(abs((overall["upper"] as? Double ?? 0) - 0.8257304) < 1e-6)
  }

  @Test func choices() throws {
    let questions = ["B", "A", "B"].enumerated().map {
      "{\"question_id\": \($0), \"text\": \"Which?\", \"options\": [\"cat\", \"dog\"], \"answer\": \"\($1)\"}"
    }
    let overall = try #require(
      try report(questions, [("dog", 1), ("A.", 1), ("a cow", 0)])["overall"] as? [String: Any])
    #expect(overall["rightCount"] as? Int == 2)
    #expect(overall["unreadableCount"] as? Int == 1)
    #expect(overall["baselineAnswer"] as? String == "B")
    #expect(overall["yesNo"] == nil && overall["groupCount"] == nil)
  }

  /// Both readings stand side by side, and a line says what was asked and what would have been right.
  @Test func formsOfALetterAreSeenByTheLenientReading() throws {
    let folder = try EvalFiles.folder(
      #"{"question_id": 1, "text": "Which?", "options": ["cat", "dog"], "answer": 1, "category": "pets"}"#)
    _ = try EvalFiles.run(["--output", "model.jsonl"], in: folder)
    let text = String(decoding: try EvalFiles.bytes("model.jsonl", in: folder), as: UTF8.self)
    let line = try #require(text.split(separator: "\n").last)
    #expect(line.contains(#""category":"pets","question":"Which?","right":["B"],"answer":"#), "\(line)")
    let start = try #require(line.firstRange(of: ",\"answer\":")).lowerBound
    let known =
      text.split(separator: "\n")[0] + "\n" + line[..<start]
      + #","answer":"**B**","score":0.0,"lenientScore":1.0,"tokens":1,"stop":"endToken"}"# + "\n"
    try folder.write("known.jsonl", text: String(known))
    let words = ["eval", "--data", "questions.jsonl", "--merge", "known.jsonl"]
    let json = try CommandRunner.run(words + ["--json"], in: folder.path)
    let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let overall = try #require(report?["overall"] as? [String: Any])
    #expect(overall["accuracy"] as? Double == 0 && overall["lenientAccuracy"] as? Double == 1)
    let table = try CommandRunner.run(words, in: folder.path)
    #expect(table.output.contains("lenient") && table.output.contains("100.0 %"), "\(table.output)")
    #expect(table.output.contains("published judges' rule"), "\(table.output)")
  }
}
