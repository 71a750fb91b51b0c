import AccuracyReports
import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Sizes on disk that are asked for, and codes that make up for each other's errors.
@Suite struct SizedConversionTests {
  private static let nano = "\(Fixtures.repository)/models/fusion-nano"

  @Test(arguments: [3.0, 4.5, 6.0])
  func entropyCodedTensorsTakeTheirBits(bits: Double) throws {
    let folder = try TemporaryFolder()
    let report = try Pipeline.convert(Self.nano, to: folder.file("m"), try Pipeline.recipe("entropy-\(bits)"))
    let lines = report.plan.filter { $0.scheme == "entropy-\(bits)" }
    let stored = lines.reduce(0) { $0 + ($1.storedByteCount ?? 0) }
    let weights = lines.reduce(0) { $0 + $1.weightCount }
    #expect(weights > 2_000_000)
    #expect(abs(Double(stored) * 8 / Double(weights) / bits - 1) < 0.01)
    #expect(try Pipeline.verify(folder.file("m"), source: Self.nano).tensorCount > 0)
  }

  @Test func aBudgetIsMet() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try Checkpoint(path: Self.nano)
    let planner = BudgetPlanner(
      checkpoint: checkpoint, recipe: try Pipeline.recipe("entropy-4.25"), calibration: nil,
      execution: try Pipeline.execution())
    let bytes = try Pipeline.convert(
      Self.nano, to: folder.file("a"), try planner.recipe(for: .bytes(2_500_000), producer: "test"))
    #expect(abs(Double(bytes.outputBytes) / 2_500_000 - 1) < 0.005)
    let bits = try Pipeline.convert(
      Self.nano, to: folder.file("b"), try planner.recipe(for: .bitsPerWeight(5.2), producer: "test"))
    #expect(abs(bits.storedBitsPerWeight / 5.2 - 1) < 0.005)
    for (bytes, text) in [(100_000, "100.0 kB"), (100_000_000, "100.0 MB"), (2, "2 B")] {
      let error = Pipeline.refusal { try planner.recipe(for: .bytes(bytes), producer: "test") }
      #expect(error?.code == .budgetOutOfReach && error?.found == text)
      #expect(error?.expected?.contains("MB to ") == true, "\(error?.expected ?? "")")
      #expect(error?.remedy?.contains("without a unit") == (bytes == 2))
    }
  }

  /// Embedding, head and vision tower take part when harm is measured; what an option names does not.
  @Test func measuredBitsMeetTheBudgetAndDoLessHarm() throws {
    let folder = try TemporaryFolder()
    var recipe = try Pipeline.recipe("entropy-4.25")
    recipe.keep = [NamePattern("language.layers.0.mlp.down.weight")]
    let planner = BudgetPlanner(
      checkpoint: try Checkpoint(path: Self.nano), recipe: recipe, calibration: nil,
      execution: try Pipeline.execution())
    var options = ComparisonOptions()
    options.imageSampleLimit = 8
    options.textSampleLimit = 4
    options.sensitivitySampleLimit = 8
    let outcome = try planner.outcome(
      for: .bitsPerWeight(4.0), measuringOn: options, isOptional: false, output: folder.file("m"), producer: "test",
      progress: nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let parts = try #require(outcome.parts)
    let tensors = Set(parts.flatMap(\.tensors))
    #expect(tensors.contains("language.head.weight") && tensors.contains("vision.layers.0.mlp.up.weight"))
    #expect(!tensors.contains("language.layers.0.mlp.down.weight"))
    #expect(parts.allSatisfy { $0.divergence > 0 })

    let report = try Pipeline.convert(Self.nano, to: folder.file("m"), outcome.recipe)
    #expect(abs(report.storedBitsPerWeight / 4.0 - 1) < 0.005)
    #expect(report.plan.contains { $0.role == "vision" && $0.reason == "measured sensitivity" })
    let plan = TensorPlan(try Self.plan(outcome.recipe))
    var again = try Pipeline.recipe("int4")
    again.overrides = try plan.overrides(groupSize: nil)
    _ = try Pipeline.convert(Self.nano, to: folder.file("again"), again)
    #expect(try Self.divergence(folder.file("again")) == Self.divergence(folder.file("m")))

    // Other samples than those that the parts were measured on.
    let unknown = parts.map { MeasuredPart(name: $0.name, tensors: $0.tensors, divergence: .nan) }
    let even = try BudgetPlanner(
      checkpoint: planner.checkpoint, recipe: recipe, parts: unknown, calibration: nil, execution: planner.execution
    ).recipe(for: .bitsPerWeight(4.0), producer: "test")
    _ = try Pipeline.convert(Self.nano, to: folder.file("even"), even)
    #expect(try Self.divergence(folder.file("m")) < Self.divergence(folder.file("even")))
  }

  private static func plan(_ recipe: QuantizationRecipe) throws -> QuantizationPlan {
    try Converter(checkpoint: try Checkpoint(path: nano), recipe: recipe, execution: try Pipeline.execution()).plan
  }

  private static func divergence(_ container: String) throws -> Double {
    var options = ComparisonOptions()
    options.seed = 77
    options.imageSampleLimit = 16
    options.textSampleLimit = 4
    options.asksQuestions = false
    let report = try ModelComparer(
      reference: nano, candidate: container, options: options, execution: try Pipeline.execution(),
      programVersion: "test"
    ).compare()
    return try #require(report.outputs.all?.divergence.mean.value)
  }

  @Test func meansAreSpreadOverTheParts() throws {
    let folder = try TemporaryFolder()
    let parts = [
      MeasuredPart(name: "up", tensors: ["language.layers.1.mlp.gate_up.weight"], divergence: 0.01),
      MeasuredPart(name: "down", tensors: ["language.layers.1.mlp.down.weight"], divergence: 0.02),
      MeasuredPart(name: "query", tensors: ["language.layers.1.attention.qkv.weight"], divergence: 0.001),
    ]
    let recipe = try BudgetPlanner(
      checkpoint: try Checkpoint(path: Self.nano), recipe: try Pipeline.recipe("entropy-4.25"), parts: parts,
      calibration: nil, execution: try Pipeline.execution()
    ).recipe(for: .meanBits(3.5), producer: "test")
    let report = try Pipeline.convert(Self.nano, to: folder.file("m"), recipe)
    let lines = report.plan.filter { $0.reason == "measured sensitivity" }
    let bits = Double(lines.reduce(0) { $0 + ($1.storedByteCount ?? 0) * 8 })
    #expect(abs(bits / Double(lines.reduce(0) { $0 + $1.weightCount }) / 3.5 - 1) < 0.01)
    #expect(lines.contains { $0.scheme.contains(" to ") })
  }

  @Test(arguments: ["int4", "entropy-4.0"])
  func feedbackIsStatedProvenAndTheSameForAllThreads(scheme: String) throws {
    let folder = try TemporaryFolder()
    try Calibration.collect(Self.nano, .generated, to: folder.file("s")) {
      $0.sampleLimit = 4
      $0.isFull = true
    }
    let statistics = try CalibrationStatistics(path: folder.file("s"))
    func convert(_ name: String, threads: Int) throws -> ConversionReport {
      try Converter(
        checkpoint: try Checkpoint(path: Self.nano), recipe: try Pipeline.recipe(scheme), calibration: statistics,
        execution: try Pipeline.execution(threads: threads)
      ).write(to: folder.file(name), replacing: false, verifies: true, producer: "test")
    }
    let report = try convert("one", threads: 1)
    let deviation = try #require(report.verification.largestDeviation)
    #expect(deviation > 0.6 && deviation <= 8.5, "\(deviation)")
    _ = try convert("two", threads: 2)
    #expect(try Pipeline.bytes(folder.file("one")) == Pipeline.bytes(folder.file("two")))
    #expect(try Pipeline.verify(folder.file("one"), source: Self.nano).tensorCount > 0)
  }
}
