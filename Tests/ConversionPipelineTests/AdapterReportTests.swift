import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct AdapterReportTests {
  private func report(_ reference: AdapterReference, threads: Int = 2, dryRun: Bool = false) throws -> AdapterReport? {
    let folder = try TemporaryFolder()
    let converter = try Converter(
      checkpoint: try reference.checkpoint(), recipe: try Pipeline.recipe("int8"),
      execution: try Pipeline.execution(threads: threads))
    if dryRun { return try converter.forecast(output: folder.file("m.fusion"), producer: "test").adapter }
    return try converter.write(to: folder.file("m.fusion"), replacing: false, verifies: false, producer: "test").adapter
  }

  /// Norms from the merged values and the base's, which are both read back here.
  @Test(arguments: AdapterReference.all)
  func normsAreThoseOfTheDifference(reference: AdapterReference) throws {
    let report = try #require(try report(reference))
    let merged = try reference.checkpoint().source
    let base = try RawSafetensors.folder(AdapterReference.base)
    #expect(report.tensors.map(\.name) == (try reference.rows()).keys.sorted())
    var (all, allOfBase) = (0.0, 0.0)
    for tensor in report.tensors {
      let description = try #require(merged.tensors.first { $0.name == tensor.name })
      let after = try merged.withBytes(of: description, in: 0..<description.byteCount) {
        AdapterReference.floats(Array($0)).map(Double.init)
      }
      let before = AdapterReference.numbers(try #require(base[tensor.name]).bytes, as: UInt16.self).map {
        Double(Float(bitPattern: UInt32($0) << 16))
      }
      let delta = zip(after, before).map { $0 - $1 }
      let (change, weight) = (delta.reduce(0) { $0 + $1 * $1 }, before.reduce(0) { $0 + $1 * $1 })
      all += change
      allOfBase += weight
      #expect(abs(try #require(tensor.deltaNorm) - change.squareRoot()) <= 1e-6 * change.squareRoot())
      #expect(abs(try #require(tensor.weightNorm) - weight.squareRoot()) <= 1e-9 * weight.squareRoot())
      #expect(abs(try #require(tensor.relativeDelta) - (change / weight).squareRoot()) <= 1e-6)
      let greatest = delta.map(abs).max() ?? 0
      #expect(abs(try #require(tensor.maxDelta) - greatest) <= 1e-6)
    }
    #expect(abs(try #require(report.deltaNorm) - all.squareRoot()) <= 1e-6 * all.squareRoot())
    #expect(abs(try #require(report.relativeDelta) - (all / allOfBase).squareRoot()) <= 1e-6)
  }

  @Test func threadsChangeNothing() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let texts = try [1, 2, 5].map { try encoder.encode(try report(AdapterReference.all[0], threads: $0)) }
    #expect(texts[0] == texts[1] && texts[0] == texts[2])
  }

  @Test func aDryRunStatesThePlan() throws {
    let report = try #require(try report(AdapterReference.all[0], dryRun: true))
    #expect(report.tensors.map(\.rank) == [4, 4, 4, 6, 2, 3])
    let scalings: [Double] = [4.125, 2, 2, 0.5, 4, 8 / 3]
    #expect(report.tensors.map(\.scaling) == scalings)
    #expect(report.tensors.allSatisfy { $0.deltaNorm == nil } && report.deltaNorm == nil)
  }

  @Test func withoutAdapterThereIsNoSection() throws {
    let converter = try Converter(
      checkpoint: try Checkpoint(path: AdapterReference.base), recipe: try Pipeline.recipe("int8"),
      execution: try Pipeline.execution())
    let report = try converter.forecast(output: "m.fusion", producer: "test")
    #expect(report.adapter == nil)
    #expect(!String(decoding: try JSONEncoder().encode(report), as: UTF8.self).contains("\"adapter\""))
  }
}
