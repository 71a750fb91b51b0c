import AccuracyReports
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// A model against other forms of itself.
@Suite struct ComparisonTests {
  @Test(arguments: Pipeline.fixtures)
  func aLosslessContainerIsIdentical(fixture: String) throws {
    let folder = try TemporaryFolder()
    try Pipeline.convert(Fixtures.path(fixture), to: folder.file("model.fusion"), try Pipeline.recipe("keep"))
    let report = try Comparison.report(Fixtures.path(fixture), folder.file("model.fusion")) { $0.asksQuestions = true }
    let outputs = try #require(report.outputs.all)
    #expect(outputs.divergence.mean.value == 0 && outputs.divergence.maximum == 0)
    #expect(outputs.top1Agreement.value == 1 && outputs.top5Agreement?.value == 1)
    #expect(outputs.perplexityRatio?.value == 1 && outputs.rightTokenChange?.value == 0)
    #expect(report.verdict.grade == .identical && report.firstBad == nil)
    #expect(report.tensors.count > 100 && report.tensors.allSatisfy { $0.isExact && $0.relativeError == 0 })
    #expect(report.activations.count > 20 && report.activations.allSatisfy { $0.relativeError == 0 && $0.cosine == 1 })
    #expect(report.answers?.changedCount == 0 && report.answers?.questionCount == 1)
    #expect(report.data.imageSampleCount == 1 && report.data.textSampleCount == 1)
    #expect(report.data.positionCount == outputs.positionCount && outputs.positionCount > 40)
    let mapping = try #require(report.mapping?.vision)
    #expect(mapping.reference == mapping.candidate && mapping.reference > 0)
    #expect(report.candidate.storedBitsPerWeight < report.reference.storedBitsPerWeight)
    #expect(Gate(preset: .strict).evaluate(report).passed)
  }

  @Test func fewerBitsAreFurtherAway() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    var means: [Double] = []
    for scheme in ["f32", "int8", "int4"] {
      try Pipeline.convert(source, to: folder.file(scheme), try Pipeline.recipe(scheme))
      let report = try Comparison.report(source, folder.file(scheme))
      means.append(try #require(report.outputs.all).divergence.mean.value)
      let image = try #require(report.outputs.image)
      let text = try #require(report.outputs.text)
      #expect(image.sampleCount == 1 && text.sampleCount == 1)
      #expect(image.positionCount + text.positionCount == report.outputs.all?.positionCount)
      #expect(report.outputs.all?.histogram?.counts.reduce(0, +) == report.outputs.all?.positionCount)
    }
    #expect(means[0] == 0 && means[1] > 0 && means[2] > 10 * means[1], "\(means)")
  }

  /// Tensors and their figures do not come from the passes, so a scheme's own statement must agree with them.
  @Test func tensorsAreThoseOfTheContainer() throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    try Pipeline.convert(source, to: folder.file("m"), try Pipeline.recipe("int4"))
    let report = try Comparison.report(source, folder.file("m"))
    let inspection = try Inspector(path: folder.file("m")).report()
    let schemes = Dictionary(
      inspection.tensors.map { ($0.canonicalName ?? "", $0.scheme) }, uniquingKeysWith: { first, _ in first })
    #expect(report.tensors.count == inspection.tensors.count)
    for tensor in report.tensors {
      #expect(tensor.isExact == (schemes[tensor.name] == tensor.dtype), "\(tensor.name)")
      #expect(tensor.isExact == (tensor.signalToNoise == nil))
    }
    let energies = report.tensors.filter { !$0.isExact }.compactMap(\.signalToNoise)
    #expect(try #require(energies.min()) > 15)
    #expect(abs(report.candidate.storedBitsPerWeight - inspection.totals.storedBitsPerWeight) < 1e-12)
  }

  @Test(arguments: [1, 3])
  func threadsAndBatchesChangeNothing(threads: Int) throws {
    let folder = try TemporaryFolder()
    let source = Fixtures.path("fusion-phi-tiny")
    try Pipeline.convert(source, to: folder.file("m"), try Pipeline.recipe("int4"))
    let expected = try Comparison.report(source, folder.file("m"))
    // So little memory that each sample goes alone.
    let report = try Comparison.report(source, folder.file("m"), threads: threads) { $0.memoryLimit = 1 }
    #expect(report.tensors == expected.tensors)
    #expect(report.activations == expected.activations)
    #expect(report.outputs == expected.outputs)
    #expect(report.mapping == expected.mapping)
  }

  @Test func otherModelsAreRefused() throws {
    let error = Pipeline.refusal {
      try Comparison.report(Fixtures.path("fusion-phi-tiny"), Fixtures.path("fusion-x-llama-tiny"))
    }
    #expect(error?.code.rawValue == "diff.differentGraphs")
    #expect(error?.place == "config.json, model_type")
  }

  /// A field that differs is named, and neither value fills a screen.
  @Test(arguments: [
    (#""rope_theta": 500000.0"#, #""rope_theta": 10000.0"#, "rotary.theta"),
    (#""factor": 8.0"#, #""factor": 16.0"#, "rotary.scaling.llama3.factor"),
  ])
  func theFieldThatDiffersIsNamed(old: String, new: String, field: String) throws {
    let folder = try TemporaryFolder()
    let fixture = "fusion-x-llama-tiny"
    try CheckpointCopies.make(of: fixture, at: folder.file("other"))
    let path = folder.file("other/config.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old))
    try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    let error = Pipeline.refusal { try Comparison.report(Fixtures.path(fixture), folder.file("other")) }
    #expect(error?.place == "config.json, language model, \(field)", "\(String(describing: error))")
    #expect((error?.expected?.count ?? 999) < 100 && error?.expected != error?.found)
  }
}
