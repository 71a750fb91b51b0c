import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct InspectionTests {
  @Test(arguments: Pipeline.fixtures)
  func checkpointLayoutIsThatOfItsHeaders(fixture: String) throws {
    let report = try Inspector(path: Fixtures.path(fixture)).report()
    let tensors = try RawSafetensors.folder(Fixtures.path(fixture))
    #expect(report.kind == "safetensors" && report.schema == "fusion-convert.inspect/1")
    #expect(Set(report.tensors.map(\.name)) == Set(tensors.keys) && report.tensors.count == tensors.count)
    for tensor in report.tensors {
      let path = "\(Fixtures.path(fixture))/\(tensor.file)"
      let bytes = [UInt8](try Pipeline.bytes(path)[tensor.offset..<(tensor.offset + tensor.byteCount)])
      #expect(tensors[tensor.name]?.bytes == bytes, "\(tensor.name)")
      #expect(tensor.canonicalName != nil && tensor.role != nil)
      #expect(tensor.storedBits == 16 && tensor.scheme == "bf16")
    }
    #expect(Set(report.tensors.compactMap(\.canonicalName)).count == tensors.count)
    #expect(report.totals.weightCount == tensors.values.reduce(0) { $0 + $1.bytes.count / 2 })
  }

  @Test func fusedTensorsNameTheirParts() throws {
    let report = try Inspector(path: Fixtures.path("fusion-phi-tiny")).report()
    let fused = report.tensors.first { $0.name == "model.layers.0.self_attn.qkv_proj.weight" }
    #expect(fused?.parts.count == 3)
    let separate = try Inspector(path: Fixtures.path("fusion-x-llama-tiny")).report()
    let names = Set(separate.tensors.compactMap(\.canonicalName))
    // One set of names whatever the layout: the parts here are whole tensors there.
    #expect(fused?.parts.allSatisfy(names.contains) == true)
  }

  @Test func statisticsAreThoseOfTheValues() throws {
    let folder = try TemporaryFolder()
    let name = "model.norm.weight"
    try CheckpointCopies.make(of: "fusion-phi-tiny", as: "F32", at: folder.file("source")) { tensors in
      let values =
        [Float](repeating: 1, count: 60) + [Float](repeating: 3, count: 60)
        + [.nan, .infinity, -.infinity, 1000, 1, 3, 1, 3]
      tensors[name]?.bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      }
    }
    let inspector = try Inspector(path: folder.file("source"))
    var report = inspector.report()
    report.tensors.removeAll { $0.name != name }
    try inspector.addStatistics(to: &report, execution: try Pipeline.execution())
    let statistics = try #require(report.tensors.first?.statistics)
    #expect(statistics.nanCount == 1 && statistics.infinityCount == 2 && statistics.outlierCount == 1)
    #expect(statistics.minimum == 1 && statistics.maximum == 1000)
    // 124 ones and threes in equal number, and one thousand.
    #expect(abs(statistics.mean - (62 + 62 * 3 + 1000) / 125.0) < 1e-9)
  }

  @Test func containerStatisticsStateTheNoise() throws {
    let folder = try TemporaryFolder()
    try Pipeline.convert(
      Fixtures.path("fusion-phi-tiny"), to: folder.file("model.fusion"), try Pipeline.recipe("int4"))
    let inspector = try Inspector(path: folder.file("model.fusion"))
    var report = inspector.report()
    report.tensors.removeAll { $0.role != "attention" }
    try inspector.addStatistics(to: &report, execution: try Pipeline.execution())
    #expect(!report.tensors.isEmpty)
    for tensor in report.tensors {
      let sqnr = tensor.statistics?.sqnrDecibels ?? 0
      #expect(sqnr > 18 && sqnr < 30, "\(tensor.name): \(sqnr) dB")
      #expect(tensor.statistics?.nanCount == 0)
    }
    #expect(report.kind == "fusion" && report.provenance?.sources.count == 4)
    #expect(report.provenance?.sources.allSatisfy { $0.sha256?.count == 64 } == true)
  }
}
