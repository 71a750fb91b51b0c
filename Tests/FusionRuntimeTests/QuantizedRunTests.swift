import ConversionPipeline
import Foundation
import FusionRuntime
import NumericKernels
import TestSupport
import Testing

/// Codes multiplied as they are, against the same weights written out as float32.
@Suite struct QuantizedRunTests {
  /// Relative error of logits that int8 activations may add, three times what was measured: 0.012 in prompts with a
  /// picture, 0.019 in text.
  private static let promptBound = 0.036
  private static let stepBound = 0.057

  @Test(arguments: GoldenCase.fixtures, ["int8", "int4", "int4-sym", "int4-nl"])
  func kernelsAgreeWithDequantizedWeights(fixture: String, scheme: String) throws {
    var request = try GoldenCase(fixture, "case1").request
    request.maximumTokenCount = 1
    let folder = try TemporaryFolder()
    let model = folder.file("model.fusion")
    try Containers.make(Fixtures.path(fixture), scheme, at: model)
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
    #expect(worst <= 1e-5, "\(worst)")
    let reference = try stepLogits(folder.file("floats"), .float32, fixture)
    let steps = try relativePeakError(stepLogits(model, .float32, fixture), reference)
    #expect(steps > 0 && steps <= 1e-5, "\(steps)")
    let addedBySteps = try relativeError(stepLogits(model, .int8, fixture), reference)
    #expect(addedBySteps > 0 && addedBySteps < Self.stepBound, "\(addedBySteps)")
    let added = try relativeError(integers["logits.last8"], codes["logits.last8"])
    #expect(added > 0 && added < Self.promptBound, "\(added)")
    RatioTable.add(
      "\(fixture) \(scheme)",
      [
        ("prefill, of the peak", worst), ("steps, of the peak", steps), ("int8 activations, RMS of logits", added),
        ("and in steps", addedBySteps),
      ])
  }

  /// Logits where no pass is long enough for weights to be decoded first.
  private func stepLogits(
    _ model: String, _ precision: ActivationPrecision, _ fixture: String
  ) throws -> RawSafetensors.Tensor {
    let tokens = try GoldenCase(fixture, "text_plain").tensor("input_ids").integers
    let context = ComputeContext(kernels: try KernelSet.forThisMachine(), threads: 2, precision: precision)
    let language = try LanguageModel(try RunnableModel(path: model).weights, residency: .resident, context: context)
    let cache = language.makeCache(capacity: tokens.count)
    let logits = try stride(from: 0, to: tokens.count, by: 3).flatMap { start in
      let x = try language.embed(Array(tokens[start..<min(start + 3, tokens.count)]))
      try language.forward(x, start: start, cache: cache)
      return try language.logits(x, rows: 0..<x.rowCount).logits.array
    }
    return RawSafetensors.Tensor(dtype: "F32", shape: [logits.count], bytes: logits.withUnsafeBytes { Array($0) })
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
