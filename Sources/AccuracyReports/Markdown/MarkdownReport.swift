/// The report as Markdown, for issues and documents: tables of GitHub's dialect, no HTML.
public struct MarkdownReport {
  private let findings: ReportFindings

  /// Prepares a report.
  public init(_ report: DiffReport) { findings = ReportFindings(report) }

  private var report: DiffReport { findings.report }

  /// The whole document, ending with a line feed.
  public var text: String {
    let parts =
      [
        header, verdict, gate, predictions, histogram, errorEntry, tensors, mapping, answers, sensitivity, sizes,
        advice,
      ]
    return parts.flatMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var header: [String] {
    var table = ReportTable([.text(""), .text("reference"), .text("candidate")])
    let (a, b) = (report.reference, report.candidate)
    table.add(["path", a.path, b.path])
    table.add(["family", a.family, b.family])
    table.add(["format", a.format, b.format])
    table.add(["weights", ReportFormat.schemes(a), ReportFormat.schemes(b)])
    return [
      "# Accuracy of a candidate against its reference", MarkdownText.table(table),
      MarkdownText.escaped("Compared on \(ReportFormat.data(report.data)). Made by \(report.programVersion)."),
    ]
  }

  private var verdict: [String] {
    let kinds = ReportFormat.kinds(report.verdict)
    return [
      "**Verdict: \(ReportFormat.grade(report.verdict.grade))\(kinds.isEmpty ? "" : " (\(kinds))").** "
        + MarkdownText.escaped(report.verdict.sentence)
    ] + (report.verdict.grade == .unmeasured ? [] : ["", "Scale: " + ReportFormat.scale.joined(separator: "; ") + "."])
  }

  private var gate: [String] {
    guard let gate = report.gate else { return [] }
    let preset = gate.preset.map { " (preset \($0))" } ?? ""
    return [
      "## Gate", MarkdownText.escaped("\(gate.passed ? "Passed" : "Failed")\(preset)."),
      MarkdownText.table(findings.gateTable),
    ]
  }

  private var predictions: [String] {
    let table = findings.predictionTable
    guard !table.isEmpty else { return ["## Predictions", "Not compared."] }
    return [
      "## Predictions", "Kullback-Leibler divergence of the next token in nats, with 95 % intervals in brackets.",
      MarkdownText.table(table),
    ]
  }

  private var histogram: [String] {
    guard let histogram = report.outputs.all?.histogram, histogram.binCount > 0 else { return [] }
    var table = ReportTable([.number("from"), .number("to"), .number("positions"), .text("")])
    let maximum = Double(histogram.counts.max() ?? 0)
    for bin in 0..<histogram.binCount where histogram.counts[bin] > 0 {
      table.add([
        ReportFormat.edge(histogram.edges[bin]),
        ReportFormat.edge(histogram.edges[bin + 1]), "\(histogram.counts[bin])",
        TextBar.horizontal(Double(histogram.counts[bin]), of: maximum, columns: 24),
      ])
    }
    return ["### Divergence by position", MarkdownText.table(table)]
  }

  private var errorEntry: [String] {
    guard !report.activations.isEmpty else { return [] }
    var parts = ["## Where the error enters"]
    if let bad = report.firstBad {
      parts.append("**First bad point: \(MarkdownText.code(bad.point)).** \(MarkdownText.escaped(bad.sentence))")
      if !bad.tensors.isEmpty {
        parts.append("Look at \(bad.tensors.map(MarkdownText.code).joined(separator: ", ")).")
      }
    }
    parts.append(
      findings.hasOwnErrors
        ? "Added is the error of the layer alone, on the reference's input."
        : "Added is the rise over the point before.")
    return parts + [MarkdownText.table(findings.entryTable(limit: 12))]
  }

  private var tensors: [String] {
    guard !report.tensors.isEmpty else { return [] }
    return [
      "## Tensors", "\(findings.exactTensorCount) of \(report.tensors.count) are unchanged. The largest errors:",
      MarkdownText.table(findings.tensorTable(limit: 20)),
    ]
  }

  private var mapping: [String] {
    let table = findings.mappingTable
    return table.isEmpty ? [] : ["## Semantic mapping", MarkdownText.table(table)]
  }

  private var answers: [String] {
    guard let answers = report.answers else { return [] }
    var parts = ["## Answers", "\(answers.changedCount) of \(answers.questionCount) changed."]
    parts.append(MarkdownText.table(findings.categoryTable))
    if let sentence = findings.pairedTestSentence { parts.append(sentence) }
    let changed = findings.changedAnswers
    guard !changed.isEmpty else { return parts }
    var table = ReportTable([
      .text("question"), .text("category"), .text("picture"), .text("asked"), .text("right"), .text("reference"),
      .text("candidate"), .text("outcome"),
    ])
    for answer in changed.prefix(50) {
      table.add([
        answer.id, answer.category, answer.image?.name ?? "", answer.question, answer.rightAnswer ?? "",
        answer.referenceAnswer, answer.candidateAnswer, ReportFormat.correct(answer.correct),
      ])
    }
    parts += ["### Changed answers", MarkdownText.table(table)]
    let missing = answers.changedCount - min(50, changed.count)
    return missing > 0 ? parts + ["\(missing) more are not listed here."] : parts
  }

  private var sensitivity: [String] {
    guard let sensitivity = report.sensitivity else { return [] }
    return [
      "## Sensitivity", MarkdownText.escaped(sensitivity.method),
      MarkdownText.table(findings.sensitivityTable(limit: 30)), sensitivity.plan.map(MarkdownText.block) ?? "",
    ]
  }

  private var sizes: [String] {
    [
      "## Size and speed", report.machine.map { MarkdownText.escaped("Measured on \($0).") } ?? "",
      MarkdownText.table(findings.sideTable),
    ]
  }

  private var advice: [String] {
    ["## What to do next", findings.advice.map { "- " + MarkdownText.sentence($0) }.joined(separator: "\n")]
  }
}
