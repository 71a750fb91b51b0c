import ArgumentParser
import ConversionPipeline
import FusionCore

extension ConvertCommand {
  /// Refuses options beside --compare that the table has a row for each value of.
  func validateAdvice() throws {
    guard advice.compare else { return }
    if !dryRun { throw ValidationError("--compare converts nothing; add --dry-run") }
    let varied = [
      ("--quant", quant != nil), ("--group-size", groupSize != nil), ("--method", method != .auto),
      ("--coding", coding != .fixed), ("--bits", bits != nil), ("--target-size", targetSize != nil),
      ("--target-bits", targetBits != nil),
    ].filter(\.1).map(\.0)
    guard varied.isEmpty else {
      throw ValidationError("--compare has a row for each scheme; leave out \(varied.joined(separator: ", "))")
    }
  }

  /// Prints what the ways to convert the checkpoint cost.
  func advise() throws {
    try common.perform(
      {
        try files.check()
        let execution = try common.execution()
        let measurer = try (advice.measure == AdviceOptions.noData ? nil : advice.measure).map {
          try AdviceMeasurer(
            input: input, output: output, data: $0, parts: checkpoint.options, execution: execution,
            producer: ProgramVersion.text, pictureMemoryLimit: pictureMemory.byteCount)
        }
        var gathered = InputCalibration(
          input: input, output: output, data: nil, path: statistics, method: method, options: checkpoint.options,
          execution: execution, programVersion: ProgramVersion.text)
        let calibration = try gathered.statistics(progress: common.progressHandler())
        let opened = try Checkpoint(path: input, options: checkpoint.options)
        let probe =
          !opened.canBeRun || advice.measure == AdviceOptions.noData
          ? nil
          : DivergenceProbe(
            input: input, data: advice.measure ?? CalibrationData.generatedWord, parts: checkpoint.options,
            execution: execution, pictureMemoryLimit: pictureMemory.byteCount)
        let compresses = compression == .zstd
        let printer = common.progressPrinter()
        let candidates = try AdviceCandidate.standard(isCalibrated: calibration != nil, compresses: compresses)
        return try ConversionAdvisor(
          checkpoint: opened,
          recipe: QuantizationRecipe(
            scheme: .keep, overrides: try overrides(), keep: keep.map { NamePattern($0) },
            compresses: compresses),
          calibration: calibration, execution: execution, candidates: candidates
        ).report(
          output: output, probe: probe, measurer: measurer, producer: ProgramVersion.text,
          progress: common.progressHandler(), onRow: { printer?.note(AdviceText.line($0)) })
      },
      text: { AdviceText(report: $0, commonOptions: commonOptions).text })
  }

  /// What every row's command has besides the row's own options, each after a space.
  private var commonOptions: String {
    let patterns = tensorType.map { " --tensor-type '\($0)'" } + keep.map { " --keep '\($0)'" }
    return [
      statistics.map { " --statistics \($0)" } ?? "", plan.map { " --plan \($0)" } ?? "", patterns.joined(),
      compression == .zstd ? "" : " --compression \(compression.rawValue)",
    ].joined().escapedForTerminal + checkpoint.proposal
  }
}
