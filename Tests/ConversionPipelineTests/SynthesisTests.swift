import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct SynthesisTests {
  private func write(
    _ path: String, threads: Int, seed: UInt64 = 5, preset: String = "tiny", format: WeightFileFormat = .safetensors,
    dtype: DType = .bf16, shardByteCount: Int = 4_000_000
  ) throws -> SynthesisReport {
    try CheckpointSynthesizer(
      preset: try SynthesisPreset.named(preset), dtype: dtype, format: format, seed: seed,
      shardByteCount: shardByteCount, execution: try Pipeline.execution(threads: threads)
    ).write(to: path, replacing: false)
  }

  @Test(arguments: WeightFileFormat.allCases)
  func equalSeedsGiveEqualBytes(format: WeightFileFormat) throws {
    let folder = try TemporaryFolder()
    let report = try write(folder.file("a"), threads: 1, format: format)
    _ = try write(folder.file("b"), threads: 2, format: format)
    _ = try write(folder.file("c"), threads: 2, seed: 6, format: format)
    #expect(report.files.count > 3)
    for name in report.files {
      #expect(try Pipeline.bytes(folder.file("a/\(name)")) == Pipeline.bytes(folder.file("b/\(name)")), "\(name)")
    }
    let first = report.files[0]
    #expect(try Pipeline.bytes(folder.file("a/\(first)")) != Pipeline.bytes(folder.file("c/\(first)")))
  }

  @Test(arguments: [DType.bf16, .f16, .f32])
  func bothFormatsHoldTheSameWeights(dtype: DType) throws {
    let folder = try TemporaryFolder()
    let plain = try write(folder.file("plain"), threads: 2, dtype: dtype)
    let torch = try write(folder.file("torch"), threads: 2, format: .torch, dtype: dtype)
    let shardCount = plain.files.count { $0.hasSuffix(".safetensors") }
    #expect(shardCount > 1)
    #expect(torch.files.contains("pytorch_model-00001-of-0000\(shardCount).bin"))
    #expect(torch.files.contains("pytorch_model.bin.index.json"))
    #expect(torch.files.count == plain.files.count)
    let (expected, found) = (try Checkpoint(path: folder.file("plain")), try Checkpoint(path: folder.file("torch")))
    #expect(found.notices == expected.notices)
    #expect(found.source.formatName == "torch")
    #expect(found.source.tensors.map(\.name) == expected.source.tensors.map(\.name))
    for (one, other) in zip(found.source.tensors, expected.source.tensors) {
      #expect(one.dtype == other.dtype)
      #expect(one.shape == other.shape)
      #expect(one.fileIndex == other.fileIndex, "\(one.name) is in a shard of another number")
      let bytes = try found.source.withBytes(of: one, in: 0..<one.byteCount) { Array($0) }
      #expect(
        try expected.source.withBytes(of: other, in: 0..<other.byteCount) { $0.elementsEqual(bytes) }, "\(one.name)")
    }
  }

  @Test(arguments: [(WeightFileFormat.safetensors, "model.safetensors"), (.torch, "pytorch_model.bin")])
  func oneShardIsOneFile(format: WeightFileFormat, name: String) throws {
    let folder = try TemporaryFolder()
    let report = try write(folder.file("one"), threads: 2, format: format, shardByteCount: 1_000_000_000)
    #expect(report.files.first == name)
    #expect(!report.files.contains { $0.hasSuffix(".index.json") })
    #expect(report.format == format.rawValue)
    #expect(try Checkpoint(path: folder.file("one")).source.tensors.count == report.tensorCount)
  }

  @Test(arguments: SynthesisPreset.names.filter { $0.hasPrefix("tiny") })
  func everyTinyPresetIsAWholeModel(preset: String) throws {
    let folder = try TemporaryFolder()
    let report = try write(folder.file("source"), threads: 2, preset: preset)
    let checkpoint = try Checkpoint(path: folder.file("source"))
    #expect(checkpoint.source.tensors.count == report.tensorCount)
    try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("int4"))
    let verified = try Pipeline.verify(folder.file("model.fusion"), source: folder.file("source"))
    #expect((verified.sqnrDecibels ?? 0) > 15, "\(preset): \(verified.sqnrDecibels ?? 0) dB")
  }

  @Test(arguments: [
    ("tiny-fusion-3b", ["tokenizer.model", "added_tokens.json"]), ("tiny-fusion-x-8b", ["tokenizer.json"]),
  ])
  func tokenizerFilesGoWithTheWeights(preset: String, names: [String]) throws {
    let folder = try TemporaryFolder()
    let report = try write(folder.file("source"), threads: 2, preset: preset)
    for name in names + ["tokenizer_config.json", "special_tokens_map.json"] {
      #expect(report.files.contains(name))
      #expect(try !Pipeline.bytes(folder.file("source/\(name)")).isEmpty)
    }
  }
}
