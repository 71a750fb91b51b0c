import ConversionPipeline
import Foundation
import FusionRuntime
import TestSupport
import Testing

/// Codes multiplied as they are, against the same weights written out as float32.
@Suite struct QuantizedRunTests {
  /// A scheme, and the relative error of logits that int8 activations may add: three times what was measured.
  struct Scheme: Sendable, CustomTestStringConvertible {
    let name: String
    let integerBound: Double
    var testDescription: String { name }
  }

  @Test(
    arguments: GoldenCase.fixtures,
    [
      Scheme(name: "int8", integerBound: 0.035), Scheme(name: "int4", integerBound: 0.035),
      Scheme(name: "int4-sym", integerBound: 0.035),
    ])
  func kernelsAgreeWithDequantizedWeights(fixture: String, scheme: Scheme) throws {
    var request = try GoldenCase(fixture, "case1").request
    request.maximumTokenCount = 1
    let folder = try TemporaryFolder()
    let model = folder.file("model.fusion")
    try Containers.make(Fixtures.path(fixture), scheme.name, at: model)
    try Containers.export(model, to: folder.file("floats"))
    let floats = try TraceRun(folder.file("floats"), request, to: folder.file("a")).tensors()
    let codes = try TraceRun(model, request, to: folder.file("b")).tensors()
    let integers = try TraceRun(model, request, to: folder.file("c"), settings: .integerActivations).tensors()

    let names = floats.keys.filter {
      $0.hasPrefix("decoder.hidden.") || $0.hasPrefix("vision.instruct.hidden.") || $0.hasPrefix("sampler.")
        || $0 == "logits.last8"
    }
    #expect(names.count >= 5 + 27 + 6 + 1)
    let worst = try names.map { try relativePeakError(codes[$0], floats[$0]) }.max() ?? .infinity
    #expect(worst <= 1e-3, "\(worst)")
    let steps = try stepError(model, folder.file("floats"), fixture)
    #expect(steps > 0 && steps <= 1e-3, "\(steps)")
    let added = try relativeError(integers["logits.last8"], codes["logits.last8"])
    #expect(added > 0 && added < scheme.integerBound, "\(added)")
    RatioTable.add(
      "\(fixture) \(scheme.name)",
      [("prefill, of the peak", worst), ("steps, of the peak", steps), ("int8 activations, RMS of logits", added)])
  }

  /// The error of logits where no pass is long enough for weights to be decoded first.
  private func stepError(_ codes: String, _ floats: String, _ fixture: String) throws -> Double {
    let tokens = try GoldenCase(fixture, "text_plain").tensor("input_ids").integers
    func logits(_ model: String) throws -> [Double] {
      let weights = try RunnableModel(path: model).weights
      let language = try LanguageModel(weights, residency: .resident, context: try SmallModels.context())
      let cache = language.makeCache(capacity: tokens.count)
      return try stride(from: 0, to: tokens.count, by: 3).flatMap { start in
        let x = try language.embed(Array(tokens[start..<min(start + 3, tokens.count)]))
        try language.forward(x, start: start, cache: cache)
        return try language.logits(x, rows: 0..<x.rowCount).logits.array.map(Double.init)
      }
    }
    let (a, b) = (try logits(codes), try logits(floats))
    try #require(a.count == b.count)
    return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } / (b.map(abs).max() ?? 0)
  }

  private func pairs(_ a: RawSafetensors.Tensor?, _ b: RawSafetensors.Tensor?) throws -> [(Double, Double)] {
    let (a, b) = (try #require(a), try #require(b))
    try #require(a.shape == b.shape && !b.bytes.isEmpty)
    return zip(a.floats, b.floats).map { (Double($0), Double($1)) }
  }

  private func relativePeakError(_ a: RawSafetensors.Tensor?, _ b: RawSafetensors.Tensor?) throws -> Double {
    let pairs = try pairs(a, b)
    let difference = pairs.map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
    return difference / (pairs.map { abs($1) }.max() ?? 0)
  }

  private func relativeError(_ a: RawSafetensors.Tensor?, _ b: RawSafetensors.Tensor?) throws -> Double {
    let pairs = try pairs(a, b)
    let difference = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (difference / pairs.reduce(0) { $0 + $1.1 * $1.1 }).squareRoot()
  }
}
