import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing
import WeightGraph

/// Adapters over a base whose head is its embedding, and adapters that were trained after the vocabulary was grown.
@Suite struct AdapterUntyingTests {
  private static let embedding = "model.embed_tokens.weight"
  private static let head = "lm_head.weight"

  private func adapter(
    _ folder: TemporaryFolder, _ tensors: [String: RawSafetensors.Tensor], config: String = ""
  ) throws -> CheckpointOptions {
    try FileManager.default.createDirectory(atPath: folder.file("adapter"), withIntermediateDirectories: true)
    try folder.write(
      "adapter/adapter_config.json",
      text: #"{"peft_type":"LORA","r":1,"lora_alpha":1,"target_modules":["x"]\#(config)}"#)
    let named = Dictionary(uniqueKeysWithValues: tensors.map { ("base_model.model.\($0.key)", $0.value) })
    try folder.write("adapter/adapter_model.safetensors", RawSafetensors(named).fileBytes)
    return CheckpointOptions(adapter: folder.file("adapter"))
  }

  private func embedding(of folder: TemporaryFolder) throws -> RawSafetensors.Tensor {
    try #require(try RawSafetensors.folder(folder.file("safetensors"))[Self.embedding])
  }

  private static func changed(_ tensor: RawSafetensors.Tensor) -> RawSafetensors.Tensor {
    RawSafetensors.Tensor(dtype: tensor.dtype, shape: tensor.shape, bytes: tensor.bytes.map { $0 & 0x7F })
  }

  /// What export writes for a base with an adapter: its tensors and its configuration.
  private func exported(
    _ folder: TemporaryFolder, _ form: String, _ options: CheckpointOptions
  ) throws -> (tensors: [String: RawSafetensors.Tensor], config: [String: Any]) {
    let output = folder.file("out-\(form)")
    let exporter = try CheckpointExporter(
      path: folder.file(form), options: options, dtype: nil, execution: try Pipeline.execution())
    _ = try exporter.write(to: output, replacing: true)
    let config = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: "\(output)/config.json")))
    return (try RawSafetensors.folder(output), try #require(config as? [String: Any]))
  }

  @Test(arguments: ["safetensors", "torch"])
  func aTrainedHeadIsUsedAndWritten(form: String) throws {
    let folder = try TemporaryFolder()
    try SharedTensorTests.tiedPair(in: folder)
    let embedding = try embedding(of: folder)
    let options = try adapter(
      folder, [Self.head: Self.changed(embedding)], config: #","modules_to_save":["lm_head"]"#)
    let (tensors, config) = try exported(folder, form, options)
    #expect(
      tensors[Self.head]?.bytes == Self.changed(embedding).bytes && tensors[Self.embedding]?.bytes == embedding.bytes)
    #expect(config["tie_word_embeddings"] as? Bool == false && config["vocab_size"] as? Int == embedding.shape[0])
    let checkpoint = try Checkpoint(path: folder.file(form), options: options)
    #expect(!checkpoint.configuration.language.tieWordEmbeddings)
    #expect(checkpoint.notices.contains { $0.contains("tie_word_embeddings is false in what is written") })
    // The container says the same, and its own export too.
    let recipe = try Pipeline.recipe("keep")
    let converter = try Converter(checkpoint: checkpoint, recipe: recipe, execution: try Pipeline.execution())
    _ = try converter.write(to: folder.file("m.fusion"), replacing: false, verifies: true, producer: "test")
    _ = try Pipeline.export(folder.file("m.fusion"), to: folder.file("restored"))
    #expect(try RawSafetensors.folder(folder.file("restored"))[Self.head]?.bytes == tensors[Self.head]?.bytes)
    let restored = try Checkpoint(path: folder.file("restored"))
    #expect(!restored.configuration.language.tieWordEmbeddings)
  }

  @Test(arguments: ["safetensors", "torch"])
  func aTrainedEmbeddingLeavesTheHead(form: String) throws {
    let folder = try TemporaryFolder()
    try SharedTensorTests.tiedPair(in: folder)
    let embedding = try embedding(of: folder)
    let saved = try exported(
      folder, form,
      try adapter(folder, [Self.embedding: Self.changed(embedding)], config: #","modules_to_save":["embed_tokens"]"#))
    #expect(saved.tensors[Self.head]?.bytes == embedding.bytes)
    #expect(saved.tensors[Self.embedding]?.bytes == Self.changed(embedding).bytes)
    #expect(saved.config["tie_word_embeddings"] as? Bool == false)
    let rows = embedding.shape[0]
    let width = embedding.shape[1]
    func factor(_ shape: [Int]) -> RawSafetensors.Tensor {
      let values = [Float](repeating: 0.5, count: shape[0] * shape[1])
      return RawSafetensors.Tensor(dtype: "F32", shape: shape, bytes: values.withUnsafeBytes { Array($0) })
    }
    let updated = try exported(
      folder, form,
      try adapter(
        folder,
        [
          "model.embed_tokens.lora_embedding_A": factor([1, rows]),
          "model.embed_tokens.lora_embedding_B": factor([width, 1]),
        ]))
    #expect(
      updated.tensors[Self.head]?.bytes == embedding.bytes && updated.config["tie_word_embeddings"] as? Bool == false)
    #expect(updated.tensors[Self.embedding].map { $0.bytes != embedding.bytes } == true)
  }

  @Test func aGrownVocabularyIsTakenWhole() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-x-llama-tiny", at: folder.file("safetensors"))
    let embedding = try embedding(of: folder)
    func grown(_ rows: Int) -> RawSafetensors.Tensor {
      let more = Array(embedding.bytes.prefix(rows * embedding.bytes.count / embedding.shape[0]))
      return RawSafetensors.Tensor(
        dtype: embedding.dtype, shape: [embedding.shape[0] + rows, embedding.shape[1]], bytes: embedding.bytes + more)
    }
    let options = try adapter(folder, [Self.embedding: grown(3), Self.head: grown(3)])
    let path = folder.file("safetensors/tokenizer_config.json")
    let tokenizer = try String(contentsOfFile: path, encoding: .utf8)
    try folder.write("adapter/tokenizer_config.json", text: tokenizer + " ")
    let checkpoint = try Checkpoint(path: folder.file("safetensors"), options: options)
    #expect(checkpoint.configuration.language.vocabularySize == embedding.shape[0] + 3)
    #expect(checkpoint.notices.contains { $0.contains("grow to the adapter's") && $0.contains("tokenizer is used") })
    let (tensors, config) = try exported(folder, "safetensors", options)
    #expect(tensors[Self.head]?.shape == [embedding.shape[0] + 3, embedding.shape[1]])
    #expect(config["vocab_size"] as? Int == embedding.shape[0] + 3)
    let written = try String(contentsOfFile: folder.file("out-safetensors/tokenizer_config.json"), encoding: .utf8)
    #expect(written == tokenizer + " ")
    // Half of it is not enough.
    for tensors in [
      [Self.embedding: grown(3)], [Self.head: grown(3)], [Self.embedding: grown(3), Self.head: grown(2)],
    ] {
      let options = try adapter(folder, tensors)
      let error = Pipeline.refusal { try Checkpoint(path: folder.file("safetensors"), options: options) }
      #expect(
        error?.code == .adapterWrongShape && error?.remedy?.contains("save_embedding_layers") == true, "\(tensors.keys)"
      )
    }
  }
}
