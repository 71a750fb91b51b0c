import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Texts, questions and generated data, for models with and without a tower.
@Suite struct CalibrationSourceTests {
  private func text(_ folder: TemporaryFolder, words: Int) throws -> CalibrationData {
    let text = (0..<words).map { "Line \($0) says that the number is \($0 * 7)." }.joined(separator: "\n")
    return .text(try folder.write("text.txt", text: text))
  }

  /// A random model of a preset.
  private func model(_ preset: String, in folder: TemporaryFolder) throws -> String {
    let path = folder.file(preset)
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named(preset), dtype: .bf16, format: .safetensors, seed: 1,
      shardByteCount: CheckpointSynthesizer.standardShardByteCount, execution: try Pipeline.execution()
    ).write(to: path, replacing: false)
    return path
  }

  @Test func argumentsAreTold() {
    #expect(CalibrationData(argument: "synth") == .generated)
    #expect(CalibrationData(argument: "a/b.TXT") == .text("a/b.TXT"))
    #expect(CalibrationData(argument: "questions.jsonl") == .questions("questions.jsonl"))
  }

  @Test(arguments: ["tiny-phi", "tiny-llama"])
  func languageModelsReadTextAndWhatNeedsNoPicture(preset: String) throws {
    let folder = try TemporaryFolder()
    let source = try model(preset, in: folder)
    let questions = try Calibration.questions(
      [("What is it?", "absent.png", nil), ("Why?", nil, "Because."), ("How?", nil, nil)], in: folder)
    let report = try Calibration.collect(source, questions, to: folder.file("q"))
    #expect(report.sampleCount == 2 && report.pictureCount == 0 && report.visionTokenCount == 0)
    for (name, data) in [("t", try text(folder, words: 40)), ("g", .generated)] {
      let report = try Calibration.collect(source, data, to: folder.file(name)) { $0.sampleLimit = 3 }
      #expect(report.sampleCount == 3 || name == "t")
      #expect(report.notices.allSatisfy { !$0.contains("picture") })
      let statistics = try CalibrationStatistics(path: folder.file(name))
      try statistics.check(areOf: source)
      #expect(statistics.data == (name == "t" ? "text.txt" : "synth") && statistics.program == "test 1")
      // Every matrix of the model but the embedding, and of that where it is the head as well.
      #expect(statistics.inputs(ofWeight: "language.head.weight") != nil)
      #expect(statistics.sites.count == report.siteCount)
    }
  }

  @Test func aTextIsCutIntoWindows() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-x-llama-tiny")
    let data = try text(folder, words: 30)
    let one = try Calibration.collect(source, data, to: folder.file("one")) { $0.contextLength = 2_000 }
    #expect(one.sampleCount == 1)
    let windows = try Calibration.collect(source, data, to: folder.file("windows")) { $0.contextLength = 64 }
    // Each window has the token that begins a text.
    let tokens = one.languageTokenCount - 1
    #expect(windows.sampleCount == (tokens + 62) / 63)
    #expect(windows.languageTokenCount == tokens + windows.sampleCount)
    let two = try Calibration.collect(source, data, to: folder.file("two")) {
      $0.contextLength = 64
      $0.sampleLimit = 2
    }
    #expect(two.sampleCount == 2 && two.languageTokenCount == 128)
    let statistics = try CalibrationStatistics(path: folder.file("two"))
    #expect(statistics.inputs(ofWeight: "language.head.weight")?.languageRowCount == 126)
    #expect(statistics.inputs(ofWeight: "language.layers.0.mlp.down.weight")?.languageRowCount == 128)
  }

  @Test func textForAModelWithATowerLeavesPartsOut() throws {
    let folder = try TemporaryFolder()
    let report = try Calibration.collect(
      Fixtures.path("fusion-phi-tiny"), try text(folder, words: 5), to: folder.file("s"))
    #expect(report.notices.contains { $0.hasPrefix("no sample has a picture") })
    let statistics = try CalibrationStatistics(path: folder.file("s"))
    #expect(statistics.sites.allSatisfy { $0.site.hasPrefix("language.") })
    for name in ["projector.linear1.weight", "samplers.0.input.weight", "vision.layers.0.mlp.up.weight"] {
      #expect(statistics.inputs(ofWeight: name) == nil)
    }
  }

  @Test func aTiedHeadIsTheInputOfBothNames() throws {
    let folder = try TemporaryFolder()
    let source = folder.file("tied")
    try CheckpointCopies.make(of: "fusion-x-llama-tiny", at: source) { $0["lm_head.weight"] = nil }
    let configuration = try #require(
      try JSONSerialization.jsonObject(with: Pipeline.bytes("\(source)/config.json")) as? [String: Any])
    let tied = configuration.merging(["tie_word_embeddings": true]) { _, new in new }
    try JSONSerialization.data(withJSONObject: tied).write(to: URL(fileURLWithPath: "\(source)/config.json"))
    let report = try Calibration.collect(source, try text(folder, words: 5), to: folder.file("s"))
    let statistics = try CalibrationStatistics(path: folder.file("s"))
    let head = try #require(statistics.inputs(ofWeight: "language.embedding.weight"))
    #expect(head.site == "language.head" && head.weights == ["language.head.weight", "language.embedding.weight"])
    #expect(try headerRoom(folder.file("s")) == report.siteCount)
  }

  /// Sites that the header's room was made for: 1 KiB each, and 8 KiB.
  private func headerRoom(_ path: String) throws -> Int {
    let bytes = [UInt8](try Pipeline.bytes(path).prefix(8))
    let header = 8 + bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    return (header - 8_192) / 1_024
  }

  /// Room in memory, on the disk and in the header is reckoned from the configuration alone.
  @Test(arguments: Pipeline.fixtures) func everySiteWasExpected(fixture: String) throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path(fixture)
    let whole = try Calibration.collect(source, .generated, to: folder.file("g")) { $0.sampleLimit = 1 }
    #expect(try headerRoom(folder.file("g")) == whole.siteCount)
    let text = try Calibration.collect(source, try text(folder, words: 5), to: folder.file("t"))
    #expect(try headerRoom(folder.file("t")) == text.siteCount && text.siteCount < whole.siteCount)
  }

  @Test func limitsHold() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    let report = try Calibration.collect(source, .generated, to: folder.file("s")) { $0.sampleLimit = 4 }
    #expect(report.sampleCount == 4 && report.pictureCount == 3)
    let data = try Calibration.questions(
      [("a", nil, nil), ("b", "image1.png", nil), ("c", "image2.png", nil)], in: folder)
    let first = try Calibration.collect(source, data, to: folder.file("q")) {
      $0.sampleLimit = 2
      $0.imagesPath = Calibration.imagesPath
    }
    #expect(first.sampleCount == 2 && first.pictureCount == 1)
  }

  @Test func unusableDataIsRefused() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    func refusal(_ data: CalibrationData, _ change: (inout CalibrationOptions) -> Void = { _ in }) -> FusionError? {
      Pipeline.refusal { try Calibration.collect(source, data, to: folder.file("out"), change) }
    }
    let latin = try folder.write("latin.txt", Array("one\ntwo ".utf8) + [0xE9, 0x0A])
    #expect(refusal(.text(latin))?.code == .textEncoding)
    #expect(refusal(.text(latin))?.place == "line 2")
    let empty = try folder.write("empty.txt", [])
    #expect(refusal(.text(empty))?.code == .calibrationWithoutSamples)
    #expect(refusal(.text(folder.file("absent.txt")))?.code.category == .missingInput)
    let missing = try Calibration.questions([("a", "absent.png", nil)], in: folder)
    #expect(refusal(missing)?.code.category == .missingInput)
    #expect(refusal(.generated) { $0.sampleLimit = 0 }?.place == "samples")
    #expect(refusal(.text(latin)) { $0.contextLength = 1 }?.place == "context")
    #expect(refusal(.text(latin)) { $0.contextLength = 1_000_000 }?.code == .calibrationOption)
    for weight in [0, -1, .nan, .infinity] {
      #expect(refusal(.generated) { $0.visionWeight = weight }?.place == "vision-weight")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test func aQuantizedModelIsRefusedAndALosslessOneIsNot() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    try Pipeline.convert(source, to: folder.file("int8.fusion"), try Pipeline.recipe("int8"))
    try Pipeline.convert(source, to: folder.file("keep.fusion"), try Pipeline.recipe("keep"))
    func collect(_ model: String, _ name: String) throws {
      try Calibration.collect(model, try text(folder, words: 3), to: folder.file(name)) { $0.isFull = true }
    }
    let error = Pipeline.refusal { try collect(folder.file("int8.fusion"), "a") }
    #expect(error?.code == .calibrationOfQuantized)
    try collect(folder.file("keep.fusion"), "b")
    try collect(source, "c")
    #expect(
      try RawSafetensors(path: folder.file("b")).tensors == RawSafetensors(path: folder.file("c")).tensors)
    // They are of the same weights, but not of the same file.
    let statistics = try CalibrationStatistics(path: folder.file("b"))
    try statistics.check(areOf: folder.file("keep.fusion"))
    #expect(Pipeline.refusal { try statistics.check(areOf: source) }?.code == .statisticsOfOtherModel)
  }
}
