import Foundation
import TestSupport
import Testing

/// `trace` writes what its document says, in full, or nothing.
///
/// One after the other: every run takes all cores, and other tests measure what processes cost.
@Suite(.serialized) struct TraceTests {
  /// Options that cannot be followed, and the exit status.
  struct Failure: Sendable {
    let options: [String]
    let status: Int32
  }

  private func trace(_ fixture: String, _ options: [String], in folder: TemporaryFolder) throws -> [String: Any] {
    let outcome = try CommandRunner.run(
      ["trace", Fixtures.path(fixture), "--output", "trace.safetensors", "--json"] + options, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try folder.names() == ["trace.safetensors"])
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any] ?? [:]
  }

  @Test(arguments: GoldenAnswer.fixtures)
  func theTensorsAreTheDocuments(fixture: String) throws {
    let folder = try TemporaryFolder()
    let golden = try GoldenAnswer.load(fixture, "case1")
    let answer = try #require(golden.answers?.first)
    let report = try trace(fixture, golden.options + ["--answer", answer], in: folder)
    #expect(report["schema"] as? String == "fusion-convert.trace/1")
    #expect(report["tokens"] as? [Int] == golden.generated.ids && report["text"] as? String == golden.generated.text)
    let file = try RawSafetensors(path: folder.file("trace.safetensors"))
    #expect(report["tensorCount"] as? Int == file.tensors.count)
    try TraceTable.expect(file, isOf: fixture, with: ["picture", "answer"])

    let reference = try RawSafetensors(path: Fixtures.path("golden/\(fixture)/case1.safetensors"))
    let names = Set(reference.tensors.keys.filter { !$0.hasPrefix("rows.") })
    #expect(names.subtracting(file.tensors.keys).isEmpty)
    for name in ["input_ids", "labels", "instruct_ids", "vision_positions", "train.labels", "generated_ids"] {
      #expect(file.tensors[name] == reference.tensors[name], "\(name)")
    }
  }

  @Test func textAloneHasTheDecoderOnly() throws {
    let folder = try TemporaryFolder()
    let report = try trace("fusion-phi-tiny", ["--prompt", "Hello", "--max-tokens", "3", "--ignore-end"], in: folder)
    #expect((report["tokens"] as? [Int])?.count == 3 && report["losses"] == nil)
    let file = try RawSafetensors(path: folder.file("trace.safetensors"))
    try TraceTable.expect(file, isOf: "fusion-phi-tiny", with: ["text"])
  }

  @Test(arguments: GoldenAnswer.fixtures)
  func aBlankPictureHasNoPixels(fixture: String) throws {
    let folder = try TemporaryFolder()
    _ = try trace(fixture, ["--prompt", "Hello", "--blank-image", "--max-tokens", "2", "--answer", "Hi."], in: folder)
    try TraceTable.expect(
      try RawSafetensors(path: folder.file("trace.safetensors")), isOf: fixture, with: ["picture", "answer"],
      without: ["pixel_values.u8", "pixel_values.table", "loss.instruct_similarity"])
  }

  @Test(arguments: GoldenAnswer.fixtures, ["float32", "int8"])
  func threadsAndStreamingChangeNoBit(fixture: String, activations: String) throws {
    let folder = try TemporaryFolder()
    let convert = try CommandRunner.run([Fixtures.path(fixture), "model.fusion"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    let golden = try GoldenAnswer.load(fixture, "case1")
    for (name, options) in [
      ("one", ["--threads", "1"]), ("three", ["--threads", "3"]), ("streamed", ["--threads", "2", "--stream-weights"]),
    ] {
      let outcome = try CommandRunner.run(
        ["trace", "model.fusion", "--output", name, "--activations", activations] + golden.options + options,
        in: folder.path)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let one = try Data(contentsOf: URL(fileURLWithPath: folder.file("one")))
    #expect(one.count > 1 << 20)
    for name in ["three", "streamed"] {
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) == one, "\(name)")
    }
  }

  @Test func thePictureIsNeverReplaced() throws {
    let folder = try TemporaryFolder()
    let picture = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/image1.png")))
    try picture.write(to: URL(fileURLWithPath: folder.file("picture.png")))
    let outcome = try CommandRunner.run(
      [
        "trace", Fixtures.path("fusion-phi-tiny"), "--image", "picture.png", "--prompt", "Hello", "--output",
        "./picture.png", "--force",
      ], in: folder.path)
    #expect(outcome.status != 0 && outcome.error.contains("one of the inputs"), "\(outcome.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("picture.png"))) == picture)
  }

  @Test func anExistingFileIsKeptUnlessForced() throws {
    let folder = try TemporaryFolder()
    try folder.write("trace.safetensors", text: "mine")
    let arguments = [
      "trace", Fixtures.path("fusion-phi-tiny"), "--prompt", "Hello", "--max-tokens", "2", "--output",
      "trace.safetensors",
    ]
    let refused = try CommandRunner.run(arguments, in: folder.path)
    #expect(refused.status == 73 && refused.output.isEmpty && refused.error.contains("trace.safetensors"))
    #expect(try String(contentsOfFile: folder.file("trace.safetensors"), encoding: .utf8) == "mine")
    let forced = try CommandRunner.run(arguments + ["--force"], in: folder.path)
    #expect(forced.status == 0 && forced.output.hasPrefix("Traced "), "\(forced.error)")
    #expect(try RawSafetensors(path: folder.file("trace.safetensors")).tensors["logits.last8"]?.dtype == "F32")
    #expect(try folder.names() == ["trace.safetensors"])
  }

  @Test(arguments: [
    Failure(options: ["--image", "absent.png", "--output", "out.safetensors"], status: 66),
    Failure(options: ["--output", "absent/out.safetensors"], status: 73),
    Failure(options: ["--output", "/proc/out.safetensors"], status: 73),
    Failure(options: ["--max-tokens", "0", "--output", "out.safetensors"], status: 64),
  ])
  func aFailureLeavesNothing(_ failure: Failure) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(
      ["trace", Fixtures.path("fusion-phi-tiny"), "--prompt", "Hello"] + failure.options, in: folder.path)
    #expect(outcome.status == failure.status && outcome.output.isEmpty, "\(outcome.error)")
    #expect(try folder.names().isEmpty)
  }

  @Test func aModelIsNotOverwritten() throws {
    let folder = try TemporaryFolder()
    let convert = try CommandRunner.run([Fixtures.path("fusion-phi-tiny"), "model.fusion"], in: folder.path)
    #expect(convert.status == 0, "\(convert.error)")
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file("model.fusion")))
    let outcome = try CommandRunner.run(
      ["trace", "model.fusion", "--prompt", "Hello", "--output", "model.fusion", "--force"], in: folder.path)
    #expect(outcome.status == 73, "\(outcome.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("model.fusion"))) == before)
  }
}
