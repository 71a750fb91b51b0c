import ConversionPipeline
import FusionCore
import NumericKernels
import SafetensorsReader
import TestSupport
import Testing
import WeightGraph

/// How often the factors of an adapter are read.
@Suite struct FactorStoreTests {
  private static let adapter = Fixtures.path("lora/patterns")

  /// The merged values of all updates, some rows at a time and in turn, and how often factors were read for them.
  private func merged(factorByteLimit: Int) throws -> (values: [[UInt8]], readCount: Int, mergeCount: Int) {
    let base = try Checkpoint(path: AdapterReference.base).source
    let factors = CountingSource(try SafetensorsCheckpoint(path: "\(Self.adapter)/adapter_model.safetensors"))
    let plan = try AdapterPlan.build(
      configuration: try AdapterConfiguration(
        json: Array(try Pipeline.bytes("\(Self.adapter)/adapter_config.json")), file: "adapter_config.json"),
      base: base.tensors, files: [AdapterTensorFile(path: "adapter", tensors: factors.tensors)], basePath: "base")
    let source = try AdaptedSource(
      base: base, adapters: [factors], plan: plan, path: "base", kernels: try Pipeline.execution().kernels,
      factorByteLimit: factorByteLimit)
    let names = Set(plan.merges.map(\.name))
    var values: [[UInt8]] = []
    for half in 0..<2 {
      for tensor in source.tensors where names.contains(tensor.name) {
        let middle = tensor.byteCount / 2
        let range = half == 0 ? 0..<middle : middle..<tensor.byteCount
        values.append(try source.withBytes(of: tensor, in: range) { Array($0) })
      }
    }
    return (values, factors.readCount, names.count)
  }

  /// Six updates are worked on in turn, as by six threads.
  @Test func factorsOfTensorsInWorkAreReadOnce() throws {
    let kept = try merged(factorByteLimit: 1 << 20)
    #expect(kept.mergeCount == 6 && kept.readCount == 12)
  }

  @Test func theirMemoryIsBounded() throws {
    let dropped = try merged(factorByteLimit: 0)
    #expect(dropped.readCount == 24)
    let kept = try merged(factorByteLimit: 1 << 20)
    #expect(dropped.values == kept.values)
  }
}
