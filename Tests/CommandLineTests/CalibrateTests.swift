import Foundation
import TestSupport
import Testing

/// `calibrate` writes a whole file or none.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct CalibrateTests {
  /// Options that cannot be followed, and the exit status.
  struct Failure: Sendable {
    let options: [String]
    let status: Int32
  }

  private let source = Fixtures.path("fusion-phi-tiny")

  @Test func whatWasWrittenIsSaid() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["calibrate", source, "s.safetensors", "--data", "synth", "--samples", "4", "--full"], in: folder.path)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    try Snapshot.expect(Snapshot.normalized(outcome.output, folder: folder.path), matches: "calibrate")
    #expect(try folder.names() == ["s.safetensors"])
    // 150 inputs, three tensors each.
    #expect(try RawSafetensors(path: folder.file("s.safetensors")).tensors.count == 450)
  }

  @Test func aTextLeavesANoteAndTheSameJSON() throws {
    let folder = try TemporaryFolder()
    try folder.write("text.txt", text: String(repeating: "It was a bright cold day in April. ", count: 40))
    let outcome = try CommandRunner.run(
      ["calibrate", source, "s.safetensors", "--data", "text.txt", "--context", "50", "--samples", "3", "--json"],
      in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(report?["schema"] as? String == "fusion-convert.calibration/1")
    #expect(report?["sampleCount"] as? Int == 3 && report?["languageTokenCount"] as? Int == 150)
    #expect((report?["notices"] as? [String])?.contains { $0.hasPrefix("no sample has a picture") } == true)
  }

  @Test func questionsAreReadWithTheirPictures() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "q.jsonl",
      text: """
        {"question_id": 1, "text": "What colour is it?", "image": "image1.png", "answer": "red"}
        {"question_id": 2, "text": "Why?"}
        """)
    let outcome = try CommandRunner.run(
      [
        "calibrate", source, "s.safetensors", "--data", "q.jsonl", "--images", Fixtures.path("images"),
        "--vision-weight", "0.5", "--json", "--memory", "1MB",
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(report?["pictureCount"] as? Int == 1 && report?["visionWeight"] as? Double == 0.5)
    #expect(report?["batchCount"] as? Int == 2)
  }

  @Test(arguments: [
    Failure(options: ["--data", "absent.jsonl"], status: 66), Failure(options: ["--data", "absent.txt"], status: 66),
    Failure(options: ["--data", "synth", "--samples", "0"], status: 64),
    Failure(options: ["--data", "synth", "--images", "a"], status: 64),
    Failure(options: ["--data", "synth", "--vision-weight", "0"], status: 64), Failure(options: [], status: 64),
  ])
  func aFailureLeavesNothing(_ failure: Failure) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(["calibrate", source, "s.safetensors"] + failure.options, in: folder.path)
    #expect(outcome.status == failure.status && outcome.output.isEmpty, "\(outcome.error)")
    #expect(try folder.names().isEmpty)
  }

  @Test func anExistingFileIsKeptUnlessForced() throws {
    let folder = try TemporaryFolder()
    try folder.write("s.safetensors", text: "mine")
    let arguments = ["calibrate", source, "s.safetensors", "--data", "synth", "--samples", "1", "--quiet"]
    let refused = try CommandRunner.run(arguments, in: folder.path)
    #expect(refused.status == 73 && refused.error.contains("s.safetensors"))
    #expect(try String(contentsOfFile: folder.file("s.safetensors"), encoding: .utf8) == "mine")
    let forced = try CommandRunner.run(arguments + ["--force"], in: folder.path)
    #expect(forced.status == 0 && forced.output.isEmpty, "\(forced.error)")
    #expect(try folder.names() == ["s.safetensors"])
  }

  @Test func dataAndModelAreNeverReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.write("text.txt", text: "Some words to read.")
    let outcome = try CommandRunner.run(
      ["calibrate", source, "./text.txt", "--data", "text.txt", "--force"], in: folder.path)
    #expect(outcome.status == 73 && outcome.error.contains("one of the inputs"), "\(outcome.error)")
    #expect(try String(contentsOfFile: folder.file("text.txt"), encoding: .utf8) == "Some words to read.")
  }
}
