import ConversionPipeline
import Foundation
import FusionCore
import FusionRuntime
import ImagePreprocessing
import TestSupport
import Testing
import TextTokenizer

/// Requests and models that cannot be run.
@Suite struct RunRefusalTests {
  private static let fixture = "fusion-x-llama-tiny"

  private func run(_ model: String, _ request: RunRequest) throws -> RunReport {
    try ModelRunner(
      path: model, settings: RunSettings(), execution: try ExecutionOptions.forThisMachine(threads: 2)
    ).run(request)
  }

  private func refusal(_ request: RunRequest) throws -> FusionError {
    try refusal(Fixtures.path(Self.fixture), request)
  }

  private func refusal(_ model: String, _ request: RunRequest) throws -> FusionError {
    try #require(#expect(throws: FusionError.self) { try run(model, request) })
  }

  private func request(
    _ question: String = "What?", image: String? = nil, _ edit: (inout RunRequest) -> Void = { _ in }
  ) -> RunRequest {
    var request = RunRequest(questions: [question])
    request.imagePath = image.map { Fixtures.path($0) }
    request.maximumTokenCount = 2
    edit(&request)
    return request
  }

  /// A copy of the fixture whose config.json and tensors may be changed.
  private func copy(
    _ folder: TemporaryFolder, replacing text: String = "", with other: String = "",
    edit: (inout [String: RawSafetensors.Tensor]) -> Void = { _ in }
  ) throws -> String {
    let path = folder.file("model")
    try CheckpointCopies.make(of: Self.fixture, at: path, edit: edit)
    let config = URL(fileURLWithPath: "\(path)/config.json")
    let before = try String(contentsOf: config, encoding: .utf8)
    let after = text.isEmpty ? before : before.replacingOccurrences(of: text, with: other)
    try #require(text.isEmpty || after != before)
    try after.write(to: config, atomically: true, encoding: .utf8)
    return path
  }

  @Test(arguments: [0, -1, 2, 9, 37, Int.max])
  func queryLengthsThatTheModelDoesNotKnow(length: Int) throws {
    let error = try refusal(request(image: "images/image1.png") { $0.queryLength = length })
    #expect(error.code == .runOption && error.place == "query-len" && error.found == "\(length)")
    #expect(error.expected?.hasPrefix("one of 36") ?? false)
  }

  @Test(arguments: [0, -144, 143, 625, Int.max])
  func imageTokensThatAreNoSquareOfPatches(count: Int) throws {
    let error = try refusal(request(image: "images/image1.png") { $0.imageTokenCount = count })
    #expect(error.code == .runOption && error.place == "image-tokens" && error.found == "\(count)")
    #expect(error.expected == "a perfect square up to 576")
  }

  @Test func contradictingOptions() throws {
    #expect(try refusal(request(image: "images/image1.png") { $0.isBlankImage = true }).place == "blank-image")
    #expect(try refusal(request { $0.questions = [] }).place == "prompt")
    #expect(try refusal(request { $0.maximumTokenCount = 0 }).place == "max-tokens")
  }

  @Test func picturesThatAreNone() throws {
    let text = try refusal(request(image: "images/cases/decoded.txt"))
    #expect(text.code == .unknownImageFormat && text.file?.hasSuffix("decoded.txt") ?? false)
    let missing = try refusal(request(image: "images/none.png"))
    #expect(missing.code.category == .missingInput && missing.file?.hasSuffix("none.png") ?? false)
  }

  @Test func aPictureForALanguageModel() throws {
    let folder = try TemporaryFolder()
    let model = try copy(folder, replacing: "\"fusion_llama\"", with: "\"llama\"") { tensors in
      for name in tensors.keys
      where !name.hasPrefix("model.layers.") && name != "lm_head.weight"
        && name != "model.norm.weight" && name != "model.embed_tokens.weight"
      { tensors[name] = nil }
    }
    let error = try refusal(model, request(image: "images/image1.png"))
    #expect(error.code == .runOption && error.place == "image" && error.expected == "a FUSION model")
    // The same decoder alone answers as it does inside of the larger model.
    let golden = try GoldenCase(Self.fixture, "text_plain")
    #expect(try run(model, golden.request).tokens == golden.document.generated.ids)
  }

  @Test func promptsBeyondTheContext() throws {
    let golden = try GoldenCase(Self.fixture, "text_plain")
    let length = try golden.tensor("input_ids").integers.count
    for (limit, capacity) in [(length - 1, nil), (length, nil), (length + 1, 1), (length + 3, 3)] {
      let folder = try TemporaryFolder()
      let model = try copy(
        folder, replacing: "\"max_position_embeddings\": 131072", with: "\"max_position_embeddings\": \(limit)")
      guard let capacity else {
        let error = try refusal(model, golden.request)
        #expect(error.code == .promptTooLong && error.code.category == .usage)
        #expect(error.place == "max_position_embeddings" && error.found == "\(length) positions")
        continue
      }
      // What fits is answered as far as there is room.
      #expect(try run(model, golden.request).tokens == Array(golden.document.generated.ids.prefix(capacity)))
    }
  }

  @Test func modelsWithoutTokenizer() throws {
    let folder = try TemporaryFolder()
    let model = try copy(folder)
    try FileManager.default.removeItem(atPath: "\(model)/tokenizer.json")
    let error = try refusal(model, request())
    #expect(error.code == .missingTokenizer && error.file == model)
    try Containers.make(model, "keep", at: folder.file("model.fusion"))
    #expect(try refusal(folder.file("model.fusion"), request()).code == .missingTokenizer)
  }

  @Test func aTokenizerLargerThanTheEmbedding() throws {
    let folder = try TemporaryFolder()
    let model = try copy(folder, replacing: "\"vocab_size\": 900", with: "\"vocab_size\": 880") { tensors in
      for name in ["model.embed_tokens.weight", "lm_head.weight"] {
        tensors[name]?.shape[0] = 880
        tensors[name]?.bytes.removeLast(20 * 96 * 2)
      }
    }
    let error = try refusal(model, request())
    #expect(error.code == .tokenOutOfRange && error.expected == "0 to 879")
    #expect(error.found.flatMap(Int.init).map { (880..<900).contains($0) } ?? false)
  }

  @Test func brokenWeightsOfAFile() throws {
    let folder = try TemporaryFolder()
    let model = try copy(folder) { tensors in
      // A quiet NaN as the first number of row 5.
      tensors["model.layers.2.mlp.down_proj.weight"]?.bytes.replaceSubrange(
        (5 * 384)..<(5 * 384 + 2), with: [0xC0, 0x7F])
    }
    let error = try refusal(model, request())
    #expect(error.code == .nonfiniteActivation && error.code.category == .malformedInput)
    #expect(error.place == "language.layers.2.mlp.down.weight, row 5")
  }

  @Test func containersOfANewerVersion() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model.fusion")
    try Containers.make(Fixtures.path(Self.fixture), "keep", at: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[8] += 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let error = try refusal(path, request())
    #expect(error.code.rawValue == "container.unsupportedVersion" && error.file == path)
  }

  @Test func tracesHaveOneQuestion() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FusionError.self) {
      try TraceRun(
        Fixtures.path(Self.fixture), request { $0.questions = ["One?", "Two?"] }, to: folder.file("trace"))
    }
    #expect(error?.code == .runOption && error?.found == "2")
    #expect(try folder.names().isEmpty)
  }
}
