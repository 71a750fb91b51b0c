import ConversionPipeline
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
    for bytes in [100_000, 100_000_000] {
      let error = Pipeline.refusal { try planner.recipe(for: .bytes(bytes), producer: "test") }
      #expect(error?.code == .budgetOutOfReach && error?.found == "\(bytes) bytes")
    }
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
