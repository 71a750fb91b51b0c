import Foundation
import FusionCore
import TestSupport
import Testing
import TorchReader

/// Folders of PyTorch files, complete, incomplete and contradictory.
@Suite struct TorchFolderTests {
  private static var first: RawSafetensors.Tensor { tensor(1) }
  private static var second: RawSafetensors.Tensor { tensor(2) }

  private static func tensor(_ value: UInt8) -> RawSafetensors.Tensor {
    .init(dtype: "U8", shape: [2], bytes: [value, value])
  }

  private static func file(_ names: String...) -> [UInt8] {
    RawTorchFile(Dictionary(uniqueKeysWithValues: names.map { ($0, tensor($0 == "b" ? 2 : 1)) })).archiveBytes
  }

  private static func shard(_ number: Int) -> String { "pytorch_model-0000\(number)-of-00002.bin" }

  /// Two shards, `a` in the first and `b` in the second.
  private func shards(index: String?) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.shard(1), Self.file("a"))
    try folder.write(Self.shard(2), Self.file("b"))
    if let index { try folder.write("pytorch_model.bin.index.json", text: "{\"weight_map\":{\(index)}}") }
    return folder
  }

  @Test(arguments: [nil, "\"a\":\"\(shard(1))\",\"b\":\"\(shard(2))\""])
  func shardsAreOneCheckpoint(index: String?) throws {
    let folder = try shards(index: index)
    let checkpoint = try TorchCheckpoint(path: folder.path)
    #expect(try TorchReading.tensors(of: checkpoint) == ["a": Self.first, "b": Self.second])
    #expect(checkpoint.files.map(\.name) == [Self.shard(1), Self.shard(2)] && checkpoint.notices.isEmpty)
  }

  @Test func anIndexOfOtherFilesIsPassedOver() throws {
    let folder = try shards(index: "\"a\":\"pytorch_model-00001-of-00009.bin\"")
    let checkpoint = try TorchCheckpoint(path: folder.path)
    #expect(checkpoint.tensors.map(\.name) == ["a", "b"])
    #expect(checkpoint.notices.contains { $0.contains("the index was ignored") })
  }

  @Test(arguments: [
    ("\"a\":\"\(shard(1))\",\"b\":\"\(shard(1))\"", "torch.indexMisplacedTensor"),
    ("\"a\":\"\(shard(1))\",\"b\":\"\(shard(2))\",\"c\":\"\(shard(2))\"", "torch.indexMisplacedTensor"),
    ("\"a\":\"../secret.bin\"", "torch.indexUnsafePath"),
    ("\"a\":\"\(shard(1))\",\"a\":\"\(shard(2))\"", "torch.indexDuplicateTensor"),
  ])
  func aWrongIndexIsRefused(index: String, code: String) throws {
    let folder = try shards(index: index)
    let error = try #require(TorchReading.refusal(folder.path))
    #expect(error.code.rawValue == code)
    TorchReading.expectComplete(error, file: folder.file("pytorch_model.bin.index.json"))
  }

  @Test func anIndexWithoutItsFilesIsRefused() throws {
    let folder = try shards(index: "\"a\":\"\(Self.shard(1))\",\"b\":\"\(Self.shard(2))\"")
    try FileManager.default.removeItem(atPath: folder.file(Self.shard(2)))
    let error = try #require(TorchReading.refusal(folder.path))
    #expect(error.code.rawValue == "torch.indexMissingFile" && error.code.category == .missingInput)
    #expect(error.expected == Self.shard(2))
  }

  @Test func anIncompleteSetNamesWhatIsMissing() throws {
    let folder = try shards(index: nil)
    try FileManager.default.removeItem(atPath: folder.file(Self.shard(1)))
    let error = try #require(TorchReading.refusal(folder.path))
    #expect(error.code.rawValue == "torch.missingShards" && error.code.category == .missingInput)
    #expect(error.expected?.contains(Self.shard(1)) == true)
  }

  @Test func aTensorInTwoShardsIsRefused() throws {
    let folder = try shards(index: nil)
    try folder.write(Self.shard(2), Self.file("a", "b"))
    let error = try #require(TorchReading.refusal(folder.path))
    #expect(error.code.rawValue == "torch.tensorInTwoFiles")
    TorchReading.expectComplete(error, file: folder.file(Self.shard(2)))
  }

  /// What a training program leaves beside the weights is not opened, so nothing in it can do harm.
  @Test func companionsAreLeftAlone() throws {
    let folder = try TemporaryFolder()
    try folder.write("pytorch_model.bin", Self.file("a"))
    let hostile = FileManager.default.contents(atPath: Fixtures.path("torch/hostile/call-os-system.pt"))
    for name in ["training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth", "adapter_model.bin"] {
      try folder.write(name, [UInt8](try #require(hostile)))
    }
    let checkpoint = try TorchCheckpoint(path: folder.path)
    #expect(checkpoint.tensors.map(\.name) == ["a"] && checkpoint.files.map(\.name) == ["pytorch_model.bin"])
    #expect(checkpoint.notices.contains { $0.hasPrefix("ignored,") && $0.contains("training_args.bin") })
  }

  @Test(arguments: ["consolidated.00.pth", "weights.pt", "model.ckpt"])
  func theOnlyWeightFileIsRead(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(name, Self.file("a"))
    try folder.write("optimizer.pt", Self.file("b"))
    #expect(try TorchCheckpoint(path: folder.path).files.map(\.name) == [name])
  }

  @Test func twoWeightFilesAreAmbiguous() throws {
    let folder = try TemporaryFolder()
    try folder.write("one.pt", Self.file("a"))
    try folder.write("two.pt", Self.file("b"))
    let error = try #require(TorchReading.refusal(folder.path))
    #expect(error.code.rawValue == "torch.ambiguousWeights")
    #expect(error.found == "one.pt, two.pt")
  }

  @Test(arguments: [("adapter_model.bin", "torch.adapterOnly"), ("training_args.bin", "torch.noWeights")])
  func companionsAloneAreNoCheckpoint(name: String, code: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(name, Self.file("a"))
    let error = try #require(TorchReading.refusal(folder.path))
    #expect(error.code.rawValue == code && error.code.category == .missingInput)
    TorchReading.expectComplete(error, file: folder.path)
  }

  /// The content decides, whatever the ending says (row P15).
  @Test(arguments: ["weights.pkl", "weights.safetensors", "weights.txt", "weights"])
  func aFileIsReadUnderAnyName(name: String) throws {
    let folder = try TemporaryFolder()
    for bytes in [Self.file("a"), RawTorchFile(["a": Self.first]).legacyBytes] {
      #expect(try TorchReading.tensors(at: folder.write(name, bytes)) == ["a": Self.first])
    }
  }

  @Test(arguments: ["weights.bin", "weights.pt"])
  func otherContentIsRefusedByWhatItIs(name: String) throws {
    let folder = try TemporaryFolder()
    let cases: [(bytes: [UInt8], code: String)] = [
      (RawSafetensors(["a": Self.first]).fileBytes, "torch.foreignFormat"),
      (Array("weights\n".utf8), "torch.foreignFormat"), ([], "torch.foreignFormat"),
      (Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n".utf8), "torch.gitLFSPointer"),
      (Array("<!DOCTYPE html><html><body>404</body></html>".utf8), "torch.webPage"),
      ([0x80, 2, 0x5D, 0x2E], "torch.plainPickle"),
      (Array("GGUF".utf8) + [3, 0, 0, 0], "torch.foreignFormat"),
    ]
    for item in cases {
      let path = try folder.write(name, item.bytes)
      let error = try #require(TorchReading.refusal(path))
      #expect(error.code.rawValue == item.code)
      TorchReading.expectComplete(error, file: path)
    }
  }
}
