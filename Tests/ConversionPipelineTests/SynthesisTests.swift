import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct SynthesisTests {
  private func write(_ path: String, threads: Int, seed: UInt64 = 5, preset: String = "tiny") throws -> SynthesisReport
  {
    try CheckpointSynthesizer(
      preset: try SynthesisPreset.named(preset), dtype: .bf16, seed: seed, shardByteCount: 4_000_000,
      execution: try Pipeline.execution(threads: threads)
    ).write(to: path, replacing: false)
  }

  @Test func equalSeedsGiveEqualBytes() throws {
    let folder = try TemporaryFolder()
    let report = try write(folder.file("a"), threads: 1)
    _ = try write(folder.file("b"), threads: 2)
    _ = try write(folder.file("c"), threads: 2, seed: 6)
    #expect(report.files.count > 3)
    for name in report.files {
      #expect(try Pipeline.bytes(folder.file("a/\(name)")) == Pipeline.bytes(folder.file("b/\(name)")), "\(name)")
    }
    let first = report.files[0]
    #expect(try Pipeline.bytes(folder.file("a/\(first)")) != Pipeline.bytes(folder.file("c/\(first)")))
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
