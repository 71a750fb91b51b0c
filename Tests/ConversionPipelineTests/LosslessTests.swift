import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct LosslessTests {
  @Test(arguments: Pipeline.fixtures, ["BF16", "F16", "F32"])
  func keepThenExportGivesEveryByteBack(fixture: String, type: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.file("source")
    try CheckpointCopies.make(of: fixture, as: type, at: source)
    try Pipeline.convert(source, to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    let report = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))

    let before = try RawSafetensors.folder(source)
    #expect(try RawSafetensors.folder(folder.file("exported")) == before)
    #expect(before.values.allSatisfy { $0.dtype == type })
    #expect(report.tensorCount == before.count && report.dequantizedTensorCount == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: source) where !name.hasSuffix(".safetensors") {
      #expect(try Pipeline.bytes("\(source)/\(name)") == Pipeline.bytes(folder.file("exported/\(name)")), "\(name)")
    }
  }

  @Test(arguments: Pipeline.fixtures)
  func shardedSourceKeepsItsShards(fixture: String) throws {
    let folder = try TemporaryFolder()
    try Pipeline.convert(Fixtures.path(fixture), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    let names = try FileManager.default.contentsOfDirectory(atPath: Fixtures.path(fixture)).sorted()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("exported")).sorted() == names)
    for name in names where name.hasSuffix(".safetensors") {
      let before = try RawSafetensors(path: "\(Fixtures.path(fixture))/\(name)").tensors
      #expect(try RawSafetensors(path: folder.file("exported/\(name)")).tensors == before, "\(name)")
    }
  }

  @Test func aConvertedTypeIsTheNearestValue() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", as: "F32", at: folder.file("source")) { tensors in
      // 1 + 2^-9 + 2^-20 lies above the middle of two bfloat16 numbers, 1 + 2^-8 exactly between two.
      let values: [Float] = [1 + 0x1p-9 + 0x1p-20, 1 + 0x1p-8, -1 - 0x1p-8 - 0x1p-7]
      tensors["model.norm.weight"]?.bytes.replaceSubrange(
        0..<12,
        with: values.flatMap { value in
          withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        })
    }
    try Pipeline.convert(folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("bf16"))
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    let norm = try RawSafetensors.folder(folder.file("exported"))["model.norm.weight"]
    #expect(norm?.dtype == "BF16")
    #expect(norm.map { Array($0.bytes[..<6]) } == [0x80, 0x3F, 0x80, 0x3F, 0x82, 0xBF])
    let report = try Pipeline.verify(folder.file("model.fusion"), source: folder.file("source"))
    #expect(report.tensorCount > 0)
  }

  @Test func losslessSavesAtLeastThirtyPercentOfRealisticWeights() throws {
    let folder = try TemporaryFolder()
    _ = try CheckpointSynthesizer(
      preset: try SynthesisPreset.named("tiny-fusion-3b"), dtype: .bf16, seed: 7, shardByteCount: 1 << 40,
      execution: try Pipeline.execution()
    ).write(to: folder.file("source"), replacing: false)
    let report = try Pipeline.convert(
      folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    // Five hundred small tensors weigh as much in the index as in the file, so only the matrices can tell here.
    let matrices = report.plan.filter { ["attention", "mlp", "embedding", "head"].contains($0.role) }
    let (source, stored) = matrices.reduce((0, 0)) { ($0.0 + $1.sourceByteCount, $0.1 + ($1.storedByteCount ?? 0)) }
    #expect(source > 2_000_000 && Double(stored) <= 0.70 * Double(source), "\(source) -> \(stored)")
  }

  @Test func nanInAKeptTensorIsKeptAndSaid() throws {
    let folder = try TemporaryFolder()
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
      tensors["model.norm.weight"]?.bytes.replaceSubrange(0..<4, with: [0xC1, 0x7F, 0x80, 0xFF])
    }
    let report = try Pipeline.convert(
      folder.file("source"), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    #expect(report.notices.contains("model.norm.weight holds 2 NaN or infinite values, kept as they are"))
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    #expect(try RawSafetensors.folder(folder.file("exported")) == RawSafetensors.folder(folder.file("source")))
  }
}
