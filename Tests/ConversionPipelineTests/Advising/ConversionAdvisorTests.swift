import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// Ways to convert a trained model, side by side.
@Suite struct ConversionAdvisorTests {
  private static func candidates(_ names: String...) throws -> [AdviceCandidate] {
    try names.map { try AdviceCandidate($0) }
  }

  @Test func bitsBuyQuality() throws {
    let report = try Advice.report(Advice.nano, try AdviceCandidate.standard(isCalibrated: false))
    #expect(report.rows.count == 12 && report.inputBasis == .weights && report.data == nil)
    #expect(report.rows.map(\.storedByteCount) == report.rows.map(\.storedByteCount).sorted())
    func error(_ options: String) throws -> Double { try #require(report.row(options)).relativeOutputError }
    let entropy = try ["3", "3.5", "4.25", "5"].map { try error("--quant entropy-\($0)") }
    #expect(entropy == entropy.sorted(by: >) && Set(entropy).count == 4, "\(entropy)")
    #expect(try error("--quant keep") == 0)
    #expect(try error("--quant int8-g32") < error("--quant int8"))
    #expect(try error("--quant int8") * 20 < error("--quant int4-g32"))
    #expect(try error("--quant int4-g32") < error("--quant int4-g128"))
    #expect(try error("--quant int4-g32") < error("--quant int4-g32 --method rtn"))
  }

  @Test func rowsAreWhatForecastsSay() throws {
    let report = try Advice.report(Advice.nano, try Self.candidates("keep", "int8", "int4-g32"))
    for row in report.rows {
      let forecast = try Converter(
        checkpoint: try Checkpoint(path: Advice.nano), recipe: try Pipeline.recipe(row.scheme),
        execution: try Pipeline.execution()
      ).forecast(output: "", producer: "test")
      #expect(row.storedByteCount == forecast.outputBytes && row.storedBitsPerWeight == forecast.storedBitsPerWeight)
      #expect(row.residentBitsPerWeight == forecast.residentBitsPerWeight)
      let bits = Double(row.residentByteCount) * 8 / Double(report.weightCount)
      #expect(abs(bits - row.residentBitsPerWeight) < 1e-9 && row.seconds > 0)
    }
  }

  @Test func adviceFollowsFromTheRows() throws {
    // What is kept loses as little as float32, in half of the bytes.
    let candidates = try AdviceCandidate.standard(isCalibrated: false) + [try AdviceCandidate("f32")]
    let report = try Advice.report(Advice.nano, candidates)
    let standard = try #require(report.row(AdviceCandidate.standardOptions))
    let leastDisk = try #require(report.advice.leastDisk.flatMap { report.row($0) })
    #expect(leastDisk.divergence <= 1.1 * standard.divergence)
    let good = report.rows.filter { $0.divergence <= 1.1 * standard.divergence }
    let least = Double(try #require(good.map(\.storedByteCount).min()))
    #expect(Double(leastDisk.storedByteCount) <= 1.02 * least && !leastDisk.isBeaten)
    let near = good.filter { Double($0.storedByteCount) <= 1.02 * least }
    #expect(near.allSatisfy { $0.divergence >= leastDisk.divergence })
    let leastMemory = try #require(report.advice.leastMemory.flatMap { report.row($0) })
    #expect(report.rows.allSatisfy { $0.residentByteCount >= leastMemory.residentByteCount })
    #expect(report.advice.bestQuality == "--quant int8-g32")
    for row in report.rows {
      let better = report.rows.filter {
        $0.storedByteCount <= row.storedByteCount && $0.divergence <= row.divergence && $0.options != row.options
      }
      #expect(row.isBeaten != better.isEmpty, "\(row.options)")
    }
    #expect(report.row("--quant f32")?.isBeaten == true)
    #expect(report.row("--quant keep")?.isBeaten == false)
  }

  @Test func whatIsKeptLosesNothing() throws {
    let candidates = try Self.candidates("int4-g32")
    let all = try Advice.report(Advice.nano, candidates).rows[0]
    let some = try Advice.report(Advice.nano, candidates, keep: ["*mlp*"]).rows[0]
    #expect(some.relativeOutputError < 0.7 * all.relativeOutputError && some.relativeOutputError > 0)
    #expect(some.storedByteCount > all.storedByteCount)
    let none = try Advice.report(Advice.nano, candidates, keep: ["*"])
    #expect(none.rows[0].relativeOutputError == 0 && none.rows[0].outputSqnrDecibels == nil)
    #expect(none.advice.bestQuality == nil && none.advice.leastDisk == "--quant int4-g32")
  }

  @Test func feedbackIsSeenWhereProductsAreKnown() throws {
    let folder = try TemporaryFolder()
    try Calibration.collect(Advice.nano, .generated, to: folder.file("full")) {
      $0.sampleLimit = 8
      $0.isFull = true
    }
    try Calibration.collect(Advice.nano, .generated, to: folder.file("squares")) { $0.sampleLimit = 8 }
    let candidates = try [
      AdviceCandidate("int4-g32", method: .rtn), AdviceCandidate("int4-g32", method: .awq),
      AdviceCandidate("int4-g32", method: .balance), AdviceCandidate("int4-g32"),
    ]
    let report = try Advice.report(Advice.nano, candidates, statistics: folder.file("full"))
    #expect(report.inputBasis == .products)
    let errors = try candidates.map { try #require(report.row($0.options)).relativeOutputError }
    #expect(errors[1] < 0.9 * errors[0] && errors[2] < 0.9 * errors[0] && errors[3] < 0.7 * errors[2], "\(errors)")
    #expect(try Advice.report(Advice.nano, candidates, statistics: folder.file("squares")).inputBasis == .squares)
  }

  @Test func theNumberOfThreadsChangesNoPrediction() throws {
    let candidates = try Self.candidates("int8", "int4-g32", "entropy-3.5")
    let errors = try [1, 3].map { threads in
      try Advice.report(Advice.nano, candidates, threads: threads).rows.map(\.relativeOutputError)
    }
    #expect(errors[0] == errors[1])
  }

  @Test func thePredictedOrderIsTheMeasuredOne() throws {
    let folder = try TemporaryFolder()
    let report = try Advice.report(
      Advice.nano, try Self.candidates("keep", "int8", "entropy-5.5", "int4-g32", "entropy-3"),
      output: folder.file("model.fusion"), data: Fixtures.path("nano/questions.jsonl"))
    let measured = try report.rows.map { try #require($0.measuredDivergence) }
    #expect(report.data == Fixtures.path("nano/questions.jsonl") && measured.contains(0))
    for row in report.rows where row.divergence > 0 {
      let ratio = row.predictedDivergence / row.divergence
      #expect(ratio > 0.5 && ratio < 2, "\(row.options): \(ratio)")
    }
    let byPrediction = report.rows.sorted { $0.predictedDivergence < $1.predictedDivergence }
    let byMeasurement = report.rows.sorted { $0.divergence < $1.divergence }
    #expect(byPrediction.map(\.options) == byMeasurement.map(\.options), "\(measured)")
    #expect(try folder.names().isEmpty)
  }

  @Test func aFailureLeavesNothing() throws {
    let folder = try TemporaryFolder()
    // Converts, since what is kept may be no number; the comparison refuses the reference.
    try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) {
      $0["model.norm.weight"]?.bytes.replaceSubrange(0..<2, with: [0xC0, 0x7F])
    }
    let data = try folder.write("q.jsonl", text: #"{"question_id": 1, "text": "Why?"}"#)
    let error = Pipeline.refusal {
      try Advice.report(
        folder.file("source"), try Self.candidates("int8"), output: folder.file("m.fusion"), data: data)
    }
    #expect(error?.code.rawValue == "runtime.nonfiniteActivation", "\(String(describing: error))")
    let absent = Pipeline.refusal {
      try Advice.report(
        Fixtures.path("fusion-phi-tiny"), try Self.candidates("int8"), output: folder.file("absent/m.fusion"),
        data: data)
    }
    #expect(absent?.code == .cannotCreate && absent?.file == folder.file("absent"))
    #expect(try folder.names() == ["q.jsonl", "source"])
  }
}
