import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Adapters that are damaged, untrained or not adapters.
@Suite struct AdapterRefusalTests {
  private static let factorA = "base_model.model.model.layers.0.self_attn.o_proj.lora_A.weight"
  private static let factorB = "base_model.model.model.layers.0.self_attn.o_proj.lora_B.weight"

  /// A copy of a fixture's adapter with another text in its configuration, or with changed tensors.
  private func adapter(
    in folder: TemporaryFolder, replacing old: String = "", with new: String = "",
    edit: (inout [String: RawSafetensors.Tensor]) -> Void = { _ in }
  ) throws -> String {
    let source = AdapterReference.all[0].folder
    let path = folder.file("lora")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let text = String(decoding: try Pipeline.bytes("\(source)/adapter_config.json"), as: UTF8.self)
    try folder.write("lora/adapter_config.json", text: old.isEmpty ? text : text.replacing(old, with: new))
    var tensors = try RawSafetensors(path: "\(source)/adapter_model.safetensors").tensors
    edit(&tensors)
    try folder.write("lora/adapter_model.safetensors", RawSafetensors(tensors).fileBytes)
    return path
  }

  private func open(_ adapter: String) throws -> Checkpoint {
    try Checkpoint(path: AdapterReference.base, options: CheckpointOptions(adapter: adapter))
  }

  @Test(arguments: [factorA, factorB], [[0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0xFF]] as [[UInt8]])
  func factorsThatAreNotFiniteAreRefused(name: String, value: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let adapter = try adapter(in: folder) { $0[name]?.bytes.replaceSubrange(40..<44, with: value) }
    let error = Pipeline.refusal { try open(adapter) }
    #expect(error?.code == FusionError.Code("adapter.nonfinite"))
    #expect(error?.place == "tensor model.layers.0.self_attn.o_proj.weight")
    #expect(error?.file?.hasSuffix("adapter_model.safetensors") == true)
  }

  @Test func aProductThatOverflowsIsRefused() throws {
    let folder = try TemporaryFolder()
    let adapter = try adapter(in: folder) { tensors in
      // 1e30 in both factors: each is finite, the product is not a float32.
      let huge = withUnsafeBytes(of: Float(1e30).bitPattern.littleEndian) { Array($0) }
      for name in [Self.factorA, Self.factorB] {
        let count = (tensors[name]?.bytes.count ?? 0) / 4
        tensors[name]?.bytes = Array((0..<count).map { _ in huge }.joined())
      }
    }
    let output = folder.file("m.fusion")
    let error = Pipeline.refusal {
      try Converter(
        checkpoint: try open(adapter), recipe: try Pipeline.recipe("keep"), execution: try Pipeline.execution()
      ).write(to: output, replacing: false, verifies: true, producer: "test")
    }
    #expect(error?.code == FusionError.Code("adapter.nonfinite"))
    #expect(error?.place == "tensor model.layers.0.self_attn.o_proj.weight")
    #expect(try folder.names() == ["lora"])
  }

  @Test func anUntrainedAdapterIsSaid() throws {
    let folder = try TemporaryFolder()
    let adapter = try adapter(in: folder) { tensors in
      for (name, tensor) in tensors where name.hasSuffix("lora_B.weight") {
        tensors[name]?.bytes = [UInt8](repeating: 0, count: tensor.bytes.count)
      }
    }
    let checkpoint = try open(adapter)
    #expect(
      checkpoint.notices.contains { $0.hasPrefix("6 of 6 updates of the adapter are zero, such as that of model.") })
    // Zeros change nothing but the type.
    let name = "model.layers.0.self_attn.o_proj.weight"
    let tensor = try #require(checkpoint.source.tensors.first { $0.name == name })
    let base = try RawSafetensors.folder(AdapterReference.base)[name]
    let values = try checkpoint.source.withBytes(of: tensor, in: 0..<tensor.byteCount) {
      AdapterReference.numbers(Array($0), as: UInt32.self).map { $0 >> 16 }
    }
    #expect(values == base.map { AdapterReference.numbers($0.bytes, as: UInt16.self).map(UInt32.init) })
    let trained = try open(AdapterReference.all[0].folder)
    #expect(!trained.notices.contains { $0.contains("untrained") })
  }

  @Test func aStrengthOfZeroIsSaid() throws {
    let folder = try TemporaryFolder()
    let adapter = try adapter(in: folder, replacing: "\"lora_alpha\": 8", with: "\"lora_alpha\": 0")
    #expect(try open(adapter).notices.contains { $0.hasPrefix("4 of 6 updates of the adapter are zero") })
  }

  @Test(arguments: [
    ("\"r\": 4", "\"r\": 5", "adapter.wrongRank"), ("\"r\": 4", "\"r\": 0", "config.outOfRange"),
    ("\"lora_alpha\": 8", "\"lora_alpha\": NaN", "config.outOfRange"),
    ("\"lora_alpha\": 8", "\"lora_alpha\": 1e38", "config.outOfRange"),
    ("\"r\": 4", "\"r\": 4, \"use_dora\": true", "adapter.unsupported"),
    ("\"r\": 4", "\"r\": 4, \"fan_in_fan_out\": true", "adapter.wrongShape"),
    ("\"patch_embedding\": 3", "\"patch_embedding(\": 3", "adapter.badPattern"),
  ])
  func anotherConfigurationIsRefused(old: String, new: String, code: String) throws {
    let folder = try TemporaryFolder()
    let adapter = try adapter(in: folder, replacing: old, with: new)
    let error = Pipeline.refusal { try open(adapter) }
    #expect(error?.code == FusionError.Code(code))
    #expect(error?.file?.hasPrefix(adapter) == true, "\(error?.file ?? "no file")")
  }

  @Test func anotherBaseIsRefused() {
    let error = Pipeline.refusal {
      try Checkpoint(
        path: Fixtures.path("fusion-x-llama-tiny"),
        options: CheckpointOptions(adapter: AdapterReference.all[0].folder))
    }
    #expect(error?.code.rawValue.hasPrefix("adapter.") == true)
    #expect(error?.remedy == "use the base that the adapter was trained on")
  }

  @Test(arguments: ["adapter_config.json", "adapter_model.safetensors"])
  func aFolderWithoutOneOfItsFilesIsRefused(name: String) throws {
    let folder = try TemporaryFolder()
    let adapter = try adapter(in: folder)
    try FileManager.default.removeItem(atPath: "\(adapter)/\(name)")
    let error = Pipeline.refusal { try open(adapter) }
    #expect(error?.code == FusionError.Code("adapter.incomplete") && error?.code.category == .missingInput)
    #expect(error?.file == adapter)
  }

  @Test func somethingElseThanAFolderIsRefused() throws {
    let file = "\(AdapterReference.all[0].folder)/adapter_model.safetensors"
    #expect(Pipeline.refusal { try open(file) }?.code == FusionError.Code("adapter.incomplete"))
    #expect(Pipeline.refusal { try open("no-such-folder") }?.code == .cannotOpen)
  }

  @Test func aContainerTakesNoAdapter() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.fusion")
    try Pipeline.convert(AdapterReference.base, to: path, try Pipeline.recipe("int8"))
    let options = CheckpointOptions(adapter: AdapterReference.all[0].folder, projector: "x")
    for step in [
      { _ = try Inspector(path: path, options: options) }, { _ = try RunnableModel(path: path, options: options) },
    ] {
      let error = Pipeline.refusal(of: step)
      #expect(error?.code.category == .usage && error?.place == "--adapter, --projector")
    }
  }
}
