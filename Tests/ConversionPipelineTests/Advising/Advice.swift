import ConversionPipeline
import TestSupport

/// Short forms of what tests of advice do.
enum Advice {
  static let nano = "\(Fixtures.repository)/models/fusion-nano"

  /// A table of some ways to convert a checkpoint.
  ///
  /// - Parameters:
  ///   - statistics: file with statistics of its inputs.
  ///   - data: question file to measure on.
  static func report(
    _ input: String, _ candidates: [AdviceCandidate], output: String = "model.fusion", keep: [String] = [],
    statistics: String? = nil, data: String? = nil, threads: Int = 2
  ) throws -> AdviceReport {
    let execution = try Pipeline.execution(threads: threads)
    let measurer = try data.map {
      try AdviceMeasurer(
        input: input, output: output, data: $0, parts: CheckpointOptions(), execution: execution, producer: "test")
    }
    let probe = data.map {
      DivergenceProbe(input: input, data: $0, parts: CheckpointOptions(), execution: execution)
    }
    return try ConversionAdvisor(
      checkpoint: try Checkpoint(path: input), recipe: try Pipeline.recipe("keep", keep: keep),
      calibration: try statistics.map { try CalibrationStatistics(path: $0) }, execution: execution,
      candidates: candidates
    ).report(output: output, probe: probe, measurer: measurer, producer: "test")
  }
}

extension AdviceReport {
  /// The row of some options.
  func row(_ options: String) -> AdviceRow? { rows.first { $0.options == options } }
}
