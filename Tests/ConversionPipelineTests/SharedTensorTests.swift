import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Tensors with several names in a PyTorch file: one tensor in a container, and the same model everywhere.
@Suite struct SharedTensorTests {
  private static let fixture = "fusion-x-llama-tiny"
  private static let embedding = "model.embed_tokens.weight"
  private static let head = "lm_head.weight"

  /// Two folders of one model whose head is its embedding: as safetensors, where the head has no name of its own, and as
  /// a PyTorch file, where it is a second name of the same storage.
  static func tiedPair(in folder: TemporaryFolder) throws {
    try CheckpointCopies.make(of: fixture, at: folder.file("safetensors")) { $0[head] = nil }
    try bind(folder.file("safetensors"))
    try CheckpointCopies.make(of: fixture, at: folder.file("torch")) { $0[head] = nil }
    try bind(folder.file("torch"))
    let weights = "\(folder.file("torch"))/model.safetensors"
    var file = RawTorchFile(try RawSafetensors.folder(folder.file("torch")))
    try FileManager.default.removeItem(atPath: weights)
    let owner = try #require(file.views.first { $0.name == embedding })
    var second = owner
    second.name = head
    file.views.append(second)
    try Data(file.archiveBytes).write(to: URL(fileURLWithPath: "\(folder.file("torch"))/pytorch_model.bin"))
  }

  private static func bind(_ path: String) throws {
    let url = URL(fileURLWithPath: "\(path)/config.json")
    var config = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    config["tie_word_embeddings"] = true
    try JSONSerialization.data(withJSONObject: config, options: [.sortedKeys]).write(to: url)
  }

  @Test(arguments: ["keep", "int8"])
  func aTiedHeadIsStoredOnceAndVerified(scheme: String) throws {
    let folder = try TemporaryFolder()
    try Self.tiedPair(in: folder)
    for form in ["torch", "safetensors"] {
      try Pipeline.convert(folder.file(form), to: folder.file("\(form).fusion"), try Pipeline.recipe(scheme))
    }
    let containers = try ["torch", "safetensors"].map { try ContainerReader(path: folder.file("\($0).fusion")).index }
    #expect(containers[0].aliases == containers[1].aliases && containers[0].aliases.count == 1)
    #expect(containers[0].tensors == containers[1].tensors)
    // Either container stands for either source.
    for container in ["torch", "safetensors"] {
      for source in ["torch", "safetensors"] {
        let report = try Pipeline.verify(folder.file("\(container).fusion"), source: folder.file(source))
        #expect(report.tensorCount == containers[0].tensors.count)
      }
    }
  }

  /// A source whose head has become another one is not what the container was made from.
  @Test func aHeadOfItsOwnIsSeen() throws {
    let folder = try TemporaryFolder()
    try Self.tiedPair(in: folder)
    try Pipeline.convert(folder.file("torch"), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    try CheckpointCopies.make(of: Self.fixture, at: folder.file("other"))
    try Self.bind(folder.file("other"))
    let error = Pipeline.refusal { try Pipeline.verify(folder.file("model.fusion"), source: folder.file("other")) }
    #expect(error?.code == .sourceDiffers)
    #expect(error?.place == "tensor \(Self.head)")
  }

  /// Tensors that share bytes without being tied by the configuration keep their names.
  @Test func sharedNamesComeBack() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: Self.fixture, at: folder.file("torch"))
    var file = RawTorchFile(try RawSafetensors.folder(folder.file("torch")))
    try FileManager.default.removeItem(atPath: "\(folder.file("torch"))/model.safetensors")
    let norms = file.views.indices.filter { file.views[$0].name.hasSuffix("input_layernorm.weight") }
    let first = try #require(norms.first)
    for index in norms { file.views[index].storage = file.views[first].storage }
    let used = Set(file.views.map(\.storage))
    // Storages that no tensor has any more are left out.
    let kept = file.storages.indices.filter(used.contains)
    for index in file.views.indices {
      file.views[index].storage = try #require(kept.firstIndex(of: file.views[index].storage))
    }
    file.storages = kept.map { file.storages[$0] }
    try Data(file.archiveBytes).write(to: URL(fileURLWithPath: "\(folder.file("torch"))/pytorch_model.bin"))

    try Pipeline.convert(folder.file("torch"), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    let index = try ContainerReader(path: folder.file("model.fusion")).index
    #expect(index.aliases.count == norms.count - 1 && norms.count > 1)
    #expect(index.tensors.count + index.aliases.count == file.views.count)
    _ = try Pipeline.verify(folder.file("model.fusion"), source: folder.file("torch"))
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("restored"))
    let restored = try RawSafetensors.folder(folder.file("restored"))
    #expect(Set(restored.keys) == Set(file.views.map(\.name)))
    for view in file.views { #expect(restored[view.name]?.bytes == file.storages[view.storage].bytes, "\(view.name)") }
  }

  /// One parameter under two names: what an adapter does to the embedding it does to the head.
  @Test func aTiedHeadFollowsItsEmbedding() throws {
    let folder = try TemporaryFolder()
    try Self.tiedPair(in: folder)
    let embedding = try #require(try RawSafetensors.folder(folder.file("safetensors"))[Self.embedding])
    let replacement = RawSafetensors.Tensor(
      dtype: embedding.dtype, shape: embedding.shape, bytes: embedding.bytes.map { $0 & 0x7F })
    try FileManager.default.createDirectory(atPath: folder.file("adapter"), withIntermediateDirectories: false)
    try folder.write(
      "adapter/adapter_config.json",
      text: #"{"peft_type":"LORA","r":2,"lora_alpha":2,"modules_to_save":["embed_tokens"],"target_modules":["x"],"#
        + #""ensure_weight_tying":true}"#)
    try folder.write(
      "adapter/adapter_model.safetensors",
      RawSafetensors(["base_model.model.\(Self.embedding)": replacement]).fileBytes)
    var chunks: [[ContainerTensor]] = []
    for form in ["torch", "safetensors"] {
      let checkpoint = try Checkpoint(
        path: folder.file(form), options: CheckpointOptions(adapter: folder.file("adapter")))
      let converter = try Converter(
        checkpoint: checkpoint, recipe: try Pipeline.recipe("keep"), execution: try Pipeline.execution())
      _ = try converter.write(
        to: folder.file("\(form).fusion"), replacing: false, verifies: true, producer: "test")
      let index = try ContainerReader(path: folder.file("\(form).fusion")).index
      #expect(index.aliases.map(\.canonicalName) == ["language.head.weight"])
      chunks.append(
        index.tensors.map { tensor in
          var tensor = tensor
          tensor.sourceFileIndex = 0
          return tensor
        })
    }
    #expect(chunks[0] == chunks[1])
  }
}
