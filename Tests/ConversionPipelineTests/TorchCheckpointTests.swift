import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// A checkpoint of PyTorch files becomes what the same checkpoint of safetensors files becomes.
@Suite struct TorchCheckpointTests {
  /// A fixture with its weights as PyTorch files.
  enum Form: String, Sendable, CaseIterable {
    case archive, legacy, shards

    var fixture: String { self == .shards ? "fusion-x-llama-tiny" : "fusion-phi-tiny" }

    func make(at path: String) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for name in try FileManager.default.contentsOfDirectory(atPath: Fixtures.path(fixture))
      where !name.contains("safetensors") {
        try FileManager.default.copyItem(atPath: Fixtures.path("\(fixture)/\(name)"), toPath: "\(path)/\(name)")
      }
      if self == .shards {
        let shards = Fixtures.path("fusion-x-llama-tiny-bin")
        for name in try FileManager.default.contentsOfDirectory(atPath: shards) {
          try FileManager.default.copyItem(atPath: "\(shards)/\(name)", toPath: "\(path)/\(name)")
        }
        return
      }
      let file = RawTorchFile(try RawSafetensors.folder(Fixtures.path(fixture)))
      let bytes = self == .legacy ? file.legacyBytes : file.archiveBytes
      try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/pytorch_model.bin"))
    }
  }

  @Test(arguments: Form.allCases)
  func theGraphIsTheSame(form: Form) throws {
    let folder = try TemporaryFolder()
    try form.make(at: folder.file("source"))
    let torch = try Checkpoint(path: folder.file("source"))
    let safetensors = try Checkpoint(path: Fixtures.path(form.fixture))
    #expect(torch.source.formatName == "torch" && safetensors.source.formatName == "safetensors")
    #expect(torch.source.tensors.map(\.name) == safetensors.source.tensors.map(\.name))
    #expect(torch.source.tensors.map(\.shape) == safetensors.source.tensors.map(\.shape))
    #expect(torch.configuration == safetensors.configuration)
    #expect(torch.sideFiles.map(\.name) == safetensors.sideFiles.map(\.name))
    let inspected = try Inspector(path: folder.file("source")).report()
    let expected = try Inspector(path: Fixtures.path(form.fixture)).report()
    #expect(inspected.kind == "torch")
    #expect(inspected.tensors.map(\.canonicalName) == expected.tensors.map(\.canonicalName))
    #expect(inspected.tensors.map(\.role) == expected.tensors.map(\.role))
  }

  @Test(arguments: Form.allCases, ["keep", "int4"])
  func theContainerIsTheSameButForItsProvenance(form: Form, scheme: String) throws {
    let folder = try TemporaryFolder()
    try form.make(at: folder.file("torch"))
    try CheckpointCopies.make(of: form.fixture, at: folder.file("safetensors"))
    let recipe = try Pipeline.recipe(scheme)
    try Pipeline.convert(folder.file("torch"), to: folder.file("torch.fusion"), recipe)
    try Pipeline.convert(folder.file("safetensors"), to: folder.file("safetensors.fusion"), recipe)
    let torch = try ContainerReader(path: folder.file("torch.fusion"))
    let safetensors = try ContainerReader(path: folder.file("safetensors.fusion"))
    #expect(torch.index.provenance.sourceKind == "torch")
    #expect(torch.index.provenance.sources.count == (form == .shards ? 3 : 1))
    #expect(torch.index.aliases == safetensors.index.aliases && torch.index.files == safetensors.index.files)
    // Which of the source's files a tensor came from is provenance, too.
    let tensors = torch.index.tensors.map { tensor in
      var tensor = tensor
      tensor.sourceFileIndex = 0
      return tensor
    }
    #expect(tensors == safetensors.index.tensors && !tensors.isEmpty)
    // The same chunks at the same offsets: everything before the index is the same bytes.
    let chunks = tensors.flatMap(\.streams).flatMap(\.chunks)
    let end = try #require(chunks.map { $0.offset + $0.storedByteCount }.max())
    let bytes = try Pipeline.bytes(folder.file("torch.fusion")).prefix(end)
    #expect(try bytes == Pipeline.bytes(folder.file("safetensors.fusion")).prefix(end) && bytes.count == end)
  }

  @Test(arguments: Form.allCases)
  func exportedTensorsAreThoseOfTheSafetensorsFiles(form: Form) throws {
    let folder = try TemporaryFolder()
    try form.make(at: folder.file("source"))
    try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    let verified = try Pipeline.verify(folder.file("model.fusion"), source: folder.file("source"))
    let crossed = try Pipeline.verify(folder.file("model.fusion"), source: Fixtures.path(form.fixture))
    #expect(verified.tensorCount == crossed.tensorCount && verified.tensorCount > 0)
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    let reference = try RawSafetensors.folder(Fixtures.path(form.fixture))
    #expect(try RawSafetensors.folder(folder.file("exported")) == reference)
  }

  @Test func theAnswerIsTheReferences() throws {
    let folder = try TemporaryFolder()
    try Form.shards.make(at: folder.file("source"))
    let path = Fixtures.path("golden/fusion-x-llama-tiny/case1.json")
    let json = try JSONSerialization.jsonObject(with: Pipeline.bytes(path)) as? [String: Any]
    let expected = try #require((json?["generated"] as? [String: Any])?["ids"] as? [Int])
    var request = RunRequest(questions: [try #require(json?["question"] as? String)])
    request.imagePath = Fixtures.path(try #require(json?["image"] as? String))
    request.maximumTokenCount = expected.count
    let runner = try ModelRunner(
      path: folder.file("source"), settings: RunSettings(), execution: Pipeline.execution())
    #expect(try runner.run(request).tokens == expected)
  }

  /// Both formats in one folder, as older repositories have them: safetensors is read, and that is said.
  @Test func safetensorsIsPreferred() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
    let hostile = try Pipeline.bytes(Fixtures.path("torch/hostile/call-os-system.pt"))
    try folder.write("source/pytorch_model.bin", [UInt8](hostile))
    let checkpoint = try Checkpoint(path: folder.file("source"))
    #expect(checkpoint.source.formatName == "safetensors")
    #expect(
      checkpoint.notices.contains(
        "the folder holds PyTorch files, too (pytorch_model.bin); the safetensors files are read"))
  }

  /// Row P8: a refusal is the end. No other loader is asked, and no other file is tried in place of the refused one.
  @Test func nothingIsTriedAfterARefusal() throws {
    let folder = try TemporaryFolder()
    try Form.archive.make(at: folder.file("source"))
    let hostile = try Pipeline.bytes(Fixtures.path("torch/hostile/call-os-system.pt"))
    try folder.write("source/other.bin", [UInt8](try Pipeline.bytes(folder.file("source/pytorch_model.bin"))))
    try folder.write("source/pytorch_model.bin", [UInt8](hostile))
    let error = Pipeline.refusal { try Checkpoint(path: folder.file("source")) }
    #expect(error?.code == FusionError.Code("torch.forbiddenGlobal"))
    #expect(error?.file == folder.file("source/pytorch_model.bin"))
    #expect(error?.found == "\"posix.system\"")
    #expect(!FileManager.default.fileExists(atPath: "pickle-was-run"))
  }

  @Test(arguments: ["model.safetensors", "weights.bin"])
  func aFileIsOpenedByItsContent(name: String) throws {
    let folder = try TemporaryFolder()
    let tensors = ["a": RawSafetensors.Tensor(dtype: "U8", shape: [2], bytes: [1, 2])]
    let torch = try folder.write(name, RawTorchFile(tensors).archiveBytes)
    #expect(try Inspector(path: torch).report().kind == "torch")
    let safetensors = try folder.write(name, RawSafetensors(tensors).fileBytes)
    #expect(try Inspector(path: safetensors).report().kind == "safetensors")
  }
}
