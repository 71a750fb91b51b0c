extension Verdict {
  /// Judges a report by what it measured, with the limits of the presets: prompts with an image and text alone each by
  /// themselves, since a model can be lost in one of them and look well on average.
  public static func judging(_ report: DiffReport) -> Verdict {
    guard let outputs = report.outputs.all else {
      return unmeasured(report)
    }
    let image = report.outputs.image.map { Self.grade(of: $0, in: report, withAnswers: true) }
    let text = report.outputs.text.map { Self.grade(of: $0, in: report, withAnswers: image == nil) }
    if let bad = report.firstBad, bad.kind != .jump {
      return Verdict(grade: .broken, image: image, text: text, sentence: broken(bad))
    }
    let measured = [image, text].compactMap { $0 }
    let grade: VerdictGrade =
      measured.isEmpty
      ? Self.grade(of: outputs, in: report, withAnswers: true)
      : measured.reduce(VerdictGrade.identical) { $0.worst($1) }
    let sentence =
      switch grade {
      case .broken: "The predictions are not numbers."
      case .identical:
        "All tensors are equal, and so are the predictions at \(outputs.positionCount) positions."
      default: figures(outputs)
      }
    if grade == .degraded, let bad = report.firstBad {
      return Verdict(grade: .broken, image: image, text: text, sentence: broken(bad))
    }
    return Verdict(grade: grade, image: image, text: text, sentence: sentence)
  }

  /// The grade of the predictions of one kind of prompt.
  private static func grade(
    of outputs: OutputDivergence, in report: DiffReport, withAnswers: Bool
  ) -> VerdictGrade {
    guard outputs.divergence.mean.value.isFinite else { return .broken }
    if report.tensors.allSatisfy(\.isExact), outputs.divergence.maximum == 0 { return .identical }
    var part = report
    part.outputs.all = outputs
    if !withAnswers { part.answers = nil }
    if Gate(preset: .strict).evaluate(part).passed { return .nearLossless }
    return Gate(preset: .normal).evaluate(part).passed ? .good : .degraded
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
    return "Mean KL divergence \(mean) nats, top-1 agreement \(agreement) over all positions."
  }
}
