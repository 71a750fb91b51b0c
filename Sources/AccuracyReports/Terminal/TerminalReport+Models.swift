extension TerminalReport {
  var tensors: [String] {
    guard !report.tensors.isEmpty else { return [] }
    let count = report.tensors.count
    let remark = "\(findings.exactTensorCount) of \(count) are unchanged"
    let table = findings.tensorTable(limit: 8)
    guard !table.isEmpty else { return [heading("TENSORS", "all \(count) are unchanged")] }
    return [heading("WORST TENSORS", remark)] + drawn(table)
  }

  var answers: [String] {
    guard let answers = report.answers else { return [] }
    var lines = [heading("ANSWERS", "\(answers.changedCount) of \(answers.questionCount) changed")]
    lines += drawn(findings.categoryTable)
    if let sentence = findings.pairedTestSentence { lines += paragraph(sentence) }
    let changed = findings.changedAnswers
    for answer in changed.prefix(5) {
      lines.append("")
      let mark = ReportFormat.correct(answer.correct)
      lines += labelled(answer.category, "\(answer.question) (\(answer.id))")
      if let right = answer.rightAnswer { lines += labelled("right", right) }
      lines += labelled("reference", answer.referenceAnswer)
      lines += labelled("candidate", "\(answer.candidateAnswer) (\(mark))").map {
        answer.correct == .reference ? style.warning($0) : $0
      }
    }
    if answers.changedCount > min(5, changed.count) {
      lines += [""] + paragraph("more are in the other forms of the report: HTML, Markdown, JSON").map(style.faint)
    }
    return lines
  }

  /// A label of up to 12 columns and at most two lines of text.
  private func labelled(_ label: String, _ text: String) -> [String] {
    let name = label.onOneLine.truncated(toColumns: 12).padded(toColumns: 13)
    let shortened = text.onOneLine.truncated(toColumns: 2 * (width - 15) - 20)
    return paragraph(shortened, indent: 15, first: "  " + name)
  }

  var sensitivity: [String] {
    guard let sensitivity = report.sensitivity else { return [] }
    let plan =
      sensitivity.plan == nil
      ? [] : [""] + paragraph("There is a plan for convert in this report: diff --plan FILE writes it to a file.")
    return [heading("SENSITIVITY", "divergence that each alone causes, in nats")]
      + paragraph(sensitivity.method) + drawn(findings.sensitivityTable(limit: 10)) + plan
  }

  var sizes: [String] {
    [heading("SIZE AND SPEED", report.machine ?? "")] + drawn(findings.sideTable)
  }
}
