extension HTMLReport {
  /// Tensors by the harm that quantizing each alone does.
  @MarkupBuilder var sensitivitySection: Markup {
    if let sensitivity = report.sensitivity {
      section("sensitivity", "Sensitivity") {
        element("p", ["class": "remark"]) { sensitivity.method }
        HTMLTable.plain(
          findings.sensitivityTable(limit: 40),
          caption: "Divergence that each alone causes, in nats")
        if sensitivity.entries.count > 40 {
          element("p", ["class": "remark"]) { "\(sensitivity.entries.count - 40) more are in the JSON form." }
        }
        if let plan = sensitivity.plan {
          element("details", ["open": ""]) {
            element("summary") {
              "Plan for "
              element("code") { "convert --plan" }
            }
            element("pre") { plan }
          }
        }
      }
    }
  }

  /// Sizes and speeds of both models.
  var modelSection: Markup {
    section("models", "Size and speed") {
      if let machine = report.machine { element("p", ["class": "remark"]) { "Measured on \(machine)." } }
      element("div", ["class": "columns"]) {
        HTMLTable.plain(findings.sideTable, caption: "Both models")
        HTMLTable.plain(descriptionTable, caption: "What they are")
      }
    }
  }

  private var descriptionTable: ReportTable {
    let (a, b) = (report.reference, report.candidate)
    var table = ReportTable([.text(""), .text("reference"), .text("candidate")])
    table.add(["path", a.path, b.path])
    table.add(["family", a.family, b.family])
    table.add(["format", a.format, b.format])
    table.add(["weights", ReportFormat.count(a.weightCount), ReportFormat.count(b.weightCount)])
    table.add(["kept as", ReportFormat.schemes(a), ReportFormat.schemes(b)])
    return table
  }

  /// What to do next.
  var adviceSection: Markup {
    section("next", "What to do next") {
      element("ul") {
        for sentence in findings.advice {
          element("li") {
            for (index, part) in sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
              if index % 2 == 1 { element("code") { String(part) } } else { String(part) }
            }
          }
        }
      }
    }
  }

  /// What the measures mean.
  var termSection: Markup {
    section("terms", "What the measures mean") {
      element("dl", ["class": "terms"]) {
        for (term, meaning) in Self.terms {
          element("div") {
            element("dt") { term }
            element("dd") { meaning }
          }
        }
      }
    }
  }

  private static let terms = [
    (
      "Divergence",
      "Kullback-Leibler divergence of the candidate's prediction of the next token from the reference's, in nats. 0 is "
        + "equal; below 0.01 is hardly ever noticed."
    ),
    ("Same first choice", "Share of positions where both models think the same token the likeliest."),
    ("Same five choices", "How many of the reference's five likeliest tokens are among the candidate's five."),
    ("Right token", "Mean change of the probability of the token that is right, in percentage points."),
    ("Perplexity ratio", "How much harder the candidate finds the right tokens; 1 is no change."),
    ("Relative error", "Frobenius norm of the difference over that of the reference."),
    ("Growth", "Relative error over that of the trace point before."),
    ("SQNR", "Energy of a tensor's values over that of their errors, in dB; 6 dB more is half the error."),
    ("Clipped, outliers", "Values beyond the range of their scale; values far from the rest of their tensor."),
    (
      "McNemar's test", "Whether the questions that only one of the models has right are split too unevenly for chance."
    ),
  ]
}
