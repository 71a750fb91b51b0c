import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing
import WeightGraph

/// A model put together from a language model, a vision tower and the weights between.
@Suite struct ModelPartsTests {
  private static let vision = "model.vision_tower.vision_tower."

  /// A fixture taken apart.
  private struct Parts {
    let folder: TemporaryFolder
    var options: CheckpointOptions {
      CheckpointOptions(visionTower: folder.file("tower"), projector: folder.file("stage1/mm_projector.safetensors"))
    }
    func open() throws -> Checkpoint { try Checkpoint(path: folder.file("base"), options: options) }
  }

  private func parts(
    of fixture: String, towerPrefix: String = "",
    edit: (inout [String: [String: RawSafetensors.Tensor]]) -> Void = { _ in }
  ) throws -> Parts {
    let folder = try TemporaryFolder()
    let whole = try RawSafetensors.folder(Fixtures.path(fixture))
    var files: [String: [String: RawSafetensors.Tensor]] = [:]
    for (name, tensor) in whole {
      if name.hasPrefix(Self.vision) {
        files["tower/model.safetensors", default: [:]][towerPrefix + name.dropFirst(Self.vision.count)] = tensor
      } else if ["mm_projector", "aux_projector", "vision_sampler"].contains(where: name.contains) {
        files["stage1/mm_projector.safetensors", default: [:]][name] = tensor
      } else {
        files["base/model.safetensors", default: [:]][name] = tensor
      }
    }
    edit(&files)
    for part in ["base", "tower", "stage1"] {
      try FileManager.default.createDirectory(atPath: folder.file(part), withIntermediateDirectories: true)
    }
    for (name, tensors) in files { try folder.write(name, RawSafetensors(tensors).fileBytes) }
    for name in try FileManager.default.contentsOfDirectory(atPath: Fixtures.path(fixture)).sorted()
    where !name.hasSuffix(".safetensors") && !name.hasSuffix(".index.json") {
      let target = name == "config.json" ? "stage1" : "base"
      try FileManager.default.copyItem(
        atPath: Fixtures.path("\(fixture)/\(name)"), toPath: folder.file("\(target)/\(name)"))
    }
    try folder.write("base/config.json", text: #"{"model_type":"phi3"}"#)
    return Parts(folder: folder)
  }

  @Test(arguments: Pipeline.fixtures, ["", "model.vision_tower.", "model.vision_tower.vision_tower."])
  func theWholeIsTheOriginal(fixture: String, towerPrefix: String) throws {
    let parts = try parts(of: fixture, towerPrefix: towerPrefix)
    let checkpoint = try parts.open()
    let output = parts.folder.file("m.fusion")
    _ = try Converter(
      checkpoint: checkpoint, recipe: try Pipeline.recipe("keep"), execution: try Pipeline.execution()
    ).write(to: output, replacing: false, verifies: true, producer: "test")
    // The container verifies against the checkpoint that was never taken apart.
    let report = try Pipeline.verify(output, source: Fixtures.path(fixture))
    #expect(report.tensorCount == checkpoint.graph.tensors.count)
    #expect(report.notices.allSatisfy { $0.hasPrefix("same weights, other files than recorded") }, "\(report.notices)")
    let sources = try ContainerModel(path: output).reader.index.provenance.sources.map(\.name)
    #expect(
      sources == ["model.safetensors", "vision-tower/model.safetensors", "projector/mm_projector.safetensors"])
    _ = try Pipeline.export(output, to: parts.folder.file("exported"))
    #expect(
      try RawSafetensors.folder(parts.folder.file("exported")) == RawSafetensors.folder(Fixtures.path(fixture)))
  }

  @Test func aPublishedTowerIsMoreThanATower() throws {
    let parts = try parts(of: "fusion-phi-tiny") { files in
      let one = RawSafetensors.Tensor(dtype: "BF16", shape: [1], bytes: [0, 0])
      for name in [
        "text_model.final_layer_norm.weight", "logit_scale", "logit_bias", "vision_model.embeddings.position_ids",
      ] {
        files["tower/model.safetensors"]?[name] = one
      }
    }
    let checkpoint = try parts.open()
    #expect(checkpoint.notices.contains { $0.hasSuffix("4 that are not the tower's passed over, such as logit_bias") })
    #expect(checkpoint.graph.tensors.count == 500)
  }

  @Test func embeddingsOfTheProjectorReplaceTheBases() throws {
    let name = "model.embed_tokens.weight"
    let parts = try parts(of: "fusion-phi-tiny") { files in
      let tensors = files["stage1/mm_projector.safetensors"] ?? [:]
      // Names as distributed training leaves them.
      var wrapped = Dictionary(uniqueKeysWithValues: tensors.map { ("module." + $0.key, $0.value) })
      wrapped["module." + name] = files["base/model.safetensors"]?[name]
      wrapped["module." + name]?.bytes[0] ^= 0x40
      files["stage1/mm_projector.safetensors"] = wrapped
    }
    let checkpoint = try parts.open()
    #expect(checkpoint.notices.contains { $0.hasSuffix("\(name) of the base replaced by its own") })
    let tensor = try #require(checkpoint.source.tensors.first { $0.name == name })
    let first = try checkpoint.source.withBytes(of: tensor, in: 0..<2) { Array($0) }
    let original = try #require(try RawSafetensors.folder(Fixtures.path("fusion-phi-tiny"))[name])
    #expect(first == [original.bytes[0] ^ 0x40, original.bytes[1]])
  }

  @Test func anAdapterGoesOverTheWhole() throws {
    let parts = try parts(of: "fusion-phi-tiny")
    var options = parts.options
    let reference = AdapterReference.all[0]
    options.adapter = reference.folder
    let checkpoint = try Checkpoint(path: parts.folder.file("base"), options: options)
    let expected = try reference.checkpoint().source
    for name in try reference.rows().keys {
      let tensors = try [checkpoint.source, expected].map { source in
        let tensor = try #require(source.tensors.first { $0.name == name })
        return try source.withBytes(of: tensor, in: 0..<tensor.byteCount) { Array($0) }
      }
      #expect(tensors[0] == tensors[1], "\(name)")
    }
  }

  @Test func whatIsMissingIsNamed() throws {
    let parts = try parts(of: "fusion-phi-tiny") {
      $0["stage1/mm_projector.safetensors"]?["model.mm_projector.2.bias"] = nil
    }
    let error = Pipeline.refusal { try parts.open() }
    #expect(error?.code == FusionError.Code("graph.mismatch"))
    #expect(error?.found == "missing:\n  projector.linear2.bias")
  }

  @Test func aTowerThatIsThereAlreadyIsRefused() throws {
    let parts = try parts(of: "fusion-phi-tiny")
    let error = Pipeline.refusal {
      try Checkpoint(
        path: Fixtures.path("fusion-phi-tiny"), options: CheckpointOptions(visionTower: parts.folder.file("tower")))
    }
    #expect(error?.code == FusionError.Code("assembly.duplicateTensor"))
    #expect(error?.place?.hasPrefix("tensor \(Self.vision)") == true)
  }

  @Test func aLanguageModelIsNoTower() throws {
    let parts = try parts(of: "fusion-phi-tiny")
    var options = parts.options
    options.visionTower = parts.folder.file("base")
    let error = Pipeline.refusal { try Checkpoint(path: parts.folder.file("base"), options: options) }
    #expect(error?.code == FusionError.Code("assembly.noTower"))
  }

  @Test func aConfigurationOfALanguageModelAloneIsNotEnough() throws {
    let parts = try parts(of: "fusion-phi-tiny")
    try FileManager.default.removeItem(atPath: parts.folder.file("stage1/config.json"))
    let error = Pipeline.refusal { try parts.open() }
    #expect(error?.code == FusionError.Code("assembly.missingConfiguration"))
    #expect(error?.remedy?.contains("num_of_vision_sampler_layers") == true)
    // A base that describes the whole will do.
    try FileManager.default.removeItem(atPath: parts.folder.file("base/config.json"))
    try FileManager.default.copyItem(
      atPath: Fixtures.path("fusion-phi-tiny/config.json"), toPath: parts.folder.file("base/config.json"))
    #expect(try parts.open().configuration.family.hasVision)
  }
}
