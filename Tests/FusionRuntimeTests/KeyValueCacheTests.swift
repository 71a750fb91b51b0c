import ConversionPipeline
import Foundation
import FusionRuntime
import NumericKernels
import TestSupport
import Testing

/// Keys and values that are held in fewer bits.
@Suite struct KeyValueCacheTests {
  /// Relative error of logits that each form may add, three times the most that was measured: 0.0031 and 0.0103.
  private static let bounds: [KeyValuePrecision: Double] = [.bf16: 0.0093, .int8: 0.031]

  private func logits(
    _ fixture: String, _ precision: KeyValuePrecision, passes: Int, threads: Int = 2
  ) throws -> (values: [Float], cacheByteCount: Int) {
    let tokens = try GoldenCase(fixture, "text_plain").tensor("input_ids").integers
    let context = ComputeContext(
      kernels: try KernelSet.forThisMachine(), threads: threads, keyValuePrecision: precision)
    let language = try LanguageModel(
      try RunnableModel(path: Fixtures.path(fixture)).weights, residency: .resident, context: context)
    // Too small, so that it has to grow.
    let cache = language.makeCache(capacity: 5)
    let values = try stride(from: 0, to: tokens.count, by: passes).flatMap { start in
      let x = try language.embed(Array(tokens[start..<min(start + passes, tokens.count)]))
      try language.forward(x, start: start, cache: cache)
      return try language.logits(x, rows: 0..<x.rowCount).logits.array
    }
    return (values, cache.byteCount)
  }

  private func relativeError(_ a: [Float], _ b: [Float]) throws -> Double {
    try #require(a.count == b.count && !a.isEmpty)
    let error = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    return (error / b.reduce(0.0) { $0 + Double($1) * Double($1) }).squareRoot()
  }

  /// Token by token, where kernels read the cache, and in blocks, which are widened.
  @Test(arguments: GoldenCase.fixtures, [KeyValuePrecision.bf16, .int8])
  func fewerBitsAreNear(fixture: String, precision: KeyValuePrecision) throws {
    let bound = try #require(Self.bounds[precision])
    let reference = try logits(fixture, .float32, passes: 1)
    let steps = try logits(fixture, precision, passes: 1)
    let blocks = try logits(fixture, precision, passes: 8)
    let added = try relativeError(steps.values, reference.values)
    #expect(added > 1e-6 && added < bound, "\(added)")
    // Both ways read the same numbers.
    #expect(try relativeError(blocks.values, steps.values) < 0.2 * added + 1e-5)
    #expect(try logits(fixture, precision, passes: 1, threads: 5).values == steps.values)
    let share = precision == .bf16 ? 0.5...0.5 : 0.25...0.5
    #expect(share.contains(Double(steps.cacheByteCount) / Double(reference.cacheByteCount)))
    RatioTable.add("\(fixture) cache \(precision.rawValue)", [("RMS of logits", added)])
  }
}
