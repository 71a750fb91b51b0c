extension Verdict {
  /// Judges a report by what it measured, with the limits of the presets.
  public static func judging(_ report: DiffReport) -> Verdict {
    guard let outputs = report.outputs.all else {
      return unmeasured(report)
    }
    if let bad = report.firstBad, bad.kind != .jump { return Verdict(grade: .broken, sentence: broken(bad)) }
    guard outputs.divergence.mean.value.isFinite else {
      return Verdict(grade: .broken, sentence: "The predictions are not numbers.")
    }
    let figures = figures(outputs)
    if report.tensors.allSatisfy(\.isExact), outputs.divergence.maximum == 0 {
      return Verdict(
        grade: .identical,
        sentence: "All tensors are equal, and so are the predictions at \(outputs.positionCount) positions.")
    }
    if Gate(preset: .strict).evaluate(report).passed {
      return Verdict(grade: .close, sentence: figures)
    }
    if Gate(preset: .normal).evaluate(report).passed {
      return Verdict(grade: .usable, sentence: figures)
    }
    if let bad = report.firstBad { return Verdict(grade: .broken, sentence: broken(bad)) }
    return Verdict(grade: .degraded, sentence: figures)
  }

  private static func unmeasured(_ report: DiffReport) -> Verdict {
    if let bad = report.firstBad { return Verdict(grade: .broken, sentence: broken(bad)) }
    guard !report.tensors.isEmpty, report.tensors.allSatisfy(\.isExact) else {
      return Verdict(grade: .unmeasured, sentence: "No predictions were compared, so there is no verdict.")
    }
    return Verdict(
      grade: .identical, sentence: "All \(report.tensors.count) tensors are equal; no predictions were compared.")
  }

  private static func broken(_ bad: FirstBadPoint) -> String {
    let sentence = bad.sentence.hasSuffix(".") ? bad.sentence : bad.sentence + "."
    return "First at \(bad.point): \(sentence)"
  }

  private static func figures(_ outputs: OutputDivergence) -> String {
    let mean = ReportFormat.significant(outputs.divergence.mean.value)
    let agreement = ReportFormat.percent(outputs.top1Agreement.value)
    return "The mean divergence is \(mean) nats; the likeliest token is the same at \(agreement) of the positions."
  }
}
