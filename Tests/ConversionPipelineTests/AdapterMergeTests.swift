import ContainerFormat
import ConversionPipeline
import Foundation
import FusionCore
import NumericKernels
import TestSupport
import Testing
import WeightGraph

/// Merging against values that another program computed in float64.
@Suite struct AdapterMergeTests {
  private func bytes(_ source: any WeightSource, _ tensor: TensorDescription, _ range: Range<Int>? = nil) throws
    -> [UInt8]
  {
    try source.withBytes(of: tensor, in: range ?? 0..<tensor.byteCount) { Array($0) }
  }

  /// Every value must be the float32 nearest to the reference; the reference's own rounding may move it by one unit.
  private func compare(_ values: [Float], _ rows: [Int: [Double]], _ name: String) {
    for (row, expected) in rows {
      let found = values[(row * expected.count)..<((row + 1) * expected.count)]
      let wrong = zip(found, expected).first { value, reference in
        abs(Double(value) - reference) > Double(Float(reference).ulp)
      }
      #expect(wrong == nil, "\(name), row \(row)")
    }
  }

  @Test(arguments: AdapterReference.all)
  func mergedValuesAreThoseOfTheReference(reference: AdapterReference) throws {
    let source = try reference.checkpoint().source
    let expected = try reference.rows()
    #expect(expected.count >= 2)
    for (name, rows) in expected {
      let tensor = try #require(source.tensors.first { $0.name == name })
      #expect(tensor.dtype == .f32)
      compare(AdapterReference.floats(try bytes(source, tensor)), rows, name)
    }
  }

  @Test(arguments: AdapterReference.all)
  func theyGoThroughAContainerUnchanged(reference: AdapterReference) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try reference.checkpoint()
    let converter = try Converter(
      checkpoint: checkpoint, recipe: try Pipeline.recipe("keep"), execution: try Pipeline.execution())
    let report = try converter.write(
      to: folder.file("model.fusion"), replacing: false, verifies: true, producer: "test")
    _ = try Pipeline.export(folder.file("model.fusion"), to: folder.file("exported"))
    let exported = try RawSafetensors.folder(folder.file("exported"))
    let expected = try reference.rows()
    for (name, rows) in expected {
      let tensor = try #require(exported[name])
      #expect(tensor.dtype == "F32")
      compare(AdapterReference.floats(tensor.bytes), rows, name)
    }
    // Nothing else has changed but what the adapter holds whole.
    let base = try RawSafetensors.folder(AdapterReference.base)
    let whole = Set(report.adapter?.replaced ?? [])
    for (name, tensor) in base where expected[name] == nil && !whole.contains(name) {
      #expect(exported[name] == tensor, "\(name)")
    }
    for name in whole { #expect(exported[name]?.bytes != base[name]?.bytes, "\(name)") }
    #expect(exported.count == base.count)
    // The export is laid out as the base was; files of factors alone get no shard.
    let shards = try FileManager.default.contentsOfDirectory(atPath: folder.file("exported"))
    #expect(shards.filter { $0.hasSuffix(".safetensors") }.count == (whole.isEmpty ? 4 : 6))

    let verified = try ContainerVerifier(
      model: try ContainerModel(path: folder.file("model.fusion")), source: checkpoint,
      execution: try Pipeline.execution()
    ).run()
    #expect(verified.tensorCount == base.count)
    // Without the adapter the base is not what the container stands for.
    let error = Pipeline.refusal { try Pipeline.verify(folder.file("model.fusion"), source: AdapterReference.base) }
    #expect(error != nil)
  }

  @Test(arguments: AdapterReference.all)
  func anyRangeHasTheBytesOfTheWhole(reference: AdapterReference) throws {
    let source = try reference.checkpoint().source
    var generator = SplitMix64(seed: 5)
    for name in try reference.rows().keys.sorted() {
      let tensor = try #require(source.tensors.first { $0.name == name })
      let whole = try bytes(source, tensor)
      for _ in 0..<20 {
        let start = Int.random(in: 0...tensor.byteCount, using: &generator)
        let end = Int.random(in: start...min(tensor.byteCount, start + 3_000), using: &generator)
        #expect(try bytes(source, tensor, start..<end) == Array(whole[start..<end]), "\(name) \(start)..<\(end)")
      }
      let borrowed = try source.borrow(tensor)
      #expect(borrowed.bytes.elementsEqual(whole))
      #expect(Int(bitPattern: borrowed.bytes.baseAddress) % 64 == 0)
      source.discard(tensor, in: 0..<tensor.byteCount)
      #expect(try bytes(source, tensor) == whole)
    }
  }

  @Test func allThreadsSeeTheSameValues() async throws {
    let source = try AdapterReference.all[0].checkpoint().source
    let merged = source.tensors.filter { $0.dtype == .f32 }
    #expect(merged.count == 6)
    let expected = try merged.map { try bytes(source, $0) }
    let results = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
      for _ in 0..<8 {
        group.addTask {
          try merged.map { tensor in try source.withBytes(of: tensor, in: 0..<tensor.byteCount) { Array($0) } }
        }
      }
      return try await group.reduce(into: [[[UInt8]]]()) { $0.append($1) }
    }
    #expect(results.count == 8 && results.allSatisfy { $0 == expected })
  }

  @Test func filesOfBaseAndAdapterAreInTheProvenance() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try AdapterReference.all[1].checkpoint()
    let converter = try Converter(
      checkpoint: checkpoint, recipe: try Pipeline.recipe("int4"), execution: try Pipeline.execution())
    _ = try converter.write(to: folder.file("m.fusion"), replacing: false, verifies: true, producer: "test")
    let provenance = try ContainerModel(path: folder.file("m.fusion")).reader.index.provenance
    #expect(
      provenance.sources.map(\.name).suffix(2) == [
        "adapter/adapter_model.safetensors", "adapter/non_lora_trainables.safetensors",
      ])
    #expect(provenance.sources.count == 6)
    #expect(
      provenance.notices.contains(
        "adapter stabilized: 2 tensors merged (rank 3, alpha 5, scaling 2.8867514), 3 replaced, 0 added"))
  }
}
