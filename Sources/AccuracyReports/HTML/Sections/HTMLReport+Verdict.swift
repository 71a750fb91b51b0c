extension HTMLReport {
  /// The verdict with the figures that matter most.
  var verdictSection: Markup {
    let grade = report.verdict.grade
    return element("section", ["id": "verdict", "class": "verdict", "aria-labelledby": "verdict-title"]) {
      element("div", ["class": "grade \(grade.rawValue)"]) {
        element("h2", ["id": "verdict-title"]) {
          element("span", ["class": "mark", "aria-hidden": "true"]) { Self.mark(grade) }
          ReportFormat.grade(grade)
        }
        if !ReportFormat.kinds(report.verdict).isEmpty {
          element("p", ["class": "kinds"]) { ReportFormat.kinds(report.verdict) }
        }
        element("p") { report.verdict.sentence }
        if grade != .unmeasured {
          element("p", ["class": "remark"]) { "Scale: " + ReportFormat.scale.joined(separator: "; ") + "." }
        }
        if let bad = report.firstBad {
          element("p", ["class": "bad"]) {
            "First bad point: "
            element("code") { Markup(name: bad.point) }
            ", \(bad.sentence)."
            if !bad.tensors.isEmpty {
              " Look at "
              for (index, tensor) in bad.tensors.prefix(4).enumerated() {
                if index > 0 { ", " }
                element("code") { Markup(name: tensor) }
              }
              "."
            }
          }
        }
      }
      if !figures.isEmpty {
        element("ul", ["class": "figures"]) {
          for figure in figures {
            element("li") {
              element("span", ["class": "label"]) { figure.label }
              element("span", ["class": "value"]) { figure.value }
              element("span", ["class": "note"]) { figure.note }
            }
          }
        }
      }
      element("p", ["class": "remark"]) { "Compared on \(ReportFormat.data(report.data))." }
    }
  }

  private static func mark(_ grade: VerdictGrade) -> String {
    switch grade {
    case .identical, .nearLossless: "✓"
    case .good: "~"
    case .degraded, .broken: "✕"
    case .unmeasured: "?"
    }
  }

  private var figures: [(label: String, value: String, note: String)] {
    var result: [(label: String, value: String, note: String)] = []
    if let all = report.outputs.all {
      let mean = all.divergence.mean
      result.append(
        ("Mean divergence", ReportFormat.significant(mean.value), span(mean, "nats") { ReportFormat.significant($0) }))
      let agreement = all.top1Agreement
      let agreementSpan = span(agreement, "%") { ReportFormat.fixed($0 * 100, 1) }
      result.append(("Same first choice", ReportFormat.percent(agreement.value), agreementSpan))
      if let ratio = all.perplexityRatio {
        result.append(("Perplexity ratio", ReportFormat.significant(ratio.value, digits: 4), perplexities(all)))
      }
    }
    if let before = report.answers?.referenceAccuracy?.value, let after = report.answers?.candidateAccuracy?.value {
      let note = "\(ReportFormat.percent(before)) before"
      result.append(("Right answers", ReportFormat.percent(after), note))
    }
    if let ratio = findings.storedRatio {
      let bits = "\(ReportFormat.fixed(report.candidate.storedBitsPerWeight, 2)) bits/weight"
      let sizes = "\(ReportFormat.bytes(report.candidate.storedByteCount)), \(bits)"
      result.append((ratio >= 1 ? "Smaller on disk" : "Size on disk", ReportFormat.significant(ratio) + "×", sizes))
    }
    let speeds = (report.reference.decodeTokensPerSecond, report.candidate.decodeTokensPerSecond)
    let factor = ReportFormat.factor(speeds.1, over: speeds.0)
    if let speed = speeds.1, !factor.isEmpty {
      result.append(("Generation speed", factor, "\(ReportFormat.significant(speed)) tokens/s"))
    }
    return result
  }

  /// Where an estimate's true value lies; the unit alone where that is not known.
  private func span(_ estimate: ReportedEstimate, _ unit: String, _ text: (Double) -> String) -> String {
    guard let low = estimate.low, let high = estimate.high else { return unit == "%" ? "" : unit }
    return "\(text(low)) to \(text(high)) \(unit)"
  }

  private func perplexities(_ outputs: OutputDivergence) -> String {
    guard let before = outputs.referencePerplexity, let after = outputs.candidatePerplexity else { return "" }
    return "from \(ReportFormat.significant(before, digits: 4)) to \(ReportFormat.significant(after, digits: 4))"
  }

  /// Limits and whether they hold.
  @MarkupBuilder var gateSection: Markup {
    if let gate = report.gate {
      section("gate", "Gate") {
        element("p") {
          element("strong", ["class": gate.passed ? "passed" : "failed"]) { gate.passed ? "Passed" : "Failed" }
          if let preset = gate.preset { ", preset \(preset)" }
          "."
        }
        HTMLTable.plain(findings.gateTable, caption: "Limits that were set", rowClass: { $0[0] })
      }
    }
  }
}
