extension HTMLReport {
  /// Divergence, agreement, perplexity, mapping loss.
  var predictionSection: Markup {
    section("predictions", "Predictions of the next token") {
      let table = findings.predictionTable
      if table.isEmpty {
        element("p") { "Not compared." }
      } else {
        element("div", ["class": "columns"]) {
          HTMLTable.plain(table, caption: "Divergence in nats, with 95 % intervals in brackets")
          element("div") {
            HistogramPlot(report.outputs)?.markup ?? Markup()
            mappingTable
          }
        }
      }
      if table.isEmpty { mappingTable }
    }
  }

  @MarkupBuilder private var mappingTable: Markup {
    if !findings.mappingTable.isEmpty {
      HTMLTable.plain(findings.mappingTable, caption: "Semantic mapping loss: mean of 1 − cosine, 0 is perfect")
    }
  }

  /// Where the error enters and how it grows.
  @MarkupBuilder var layerSection: Markup {
    if !report.activations.isEmpty {
      section("layers", "Where the error enters") {
        element("p", ["class": "remark"]) {
          "Relative error of the activations in the order of computation."
          if findings.hasOwnErrors {
            " Bars: the error of the layer alone, on the reference's input."
          }
        }
        element("div", ["class": "columns"]) {
          for part in ActivationPart.allCases {
            LayerPlot(findings, part)?.markup ?? Markup()
          }
        }
        HTMLTable.plain(
          findings.entryTable(limit: 8),
          caption: findings.hasOwnErrors
            ? "Layers that add most error by themselves" : "Trace points where the error rises most")
        element("details") {
          element("summary") { "All trace points (\(report.activations.count))" }
          HTMLTable.plain(activationTable, caption: "All trace points, in the order of computation")
        }
      }
    }
  }

  private var activationTable: ReportTable {
    var table = ReportTable([
      .text("trace point"), .text("part"), .number("relative error"), .number("layer alone"), .number("growth"),
      .number("cosine"), .number("max error"), .text(""),
    ])
    for point in report.activations.sorted(by: { $0.order < $1.order }) {
      table.add([
        point.point, point.part.rawValue, ReportFormat.significant(point.relativeError),
        point.ownError.map { ReportFormat.significant($0) } ?? ReportFormat.none,
        point.growth.map { ReportFormat.significant($0) + "×" } ?? ReportFormat.none,
        ReportFormat.fixed(point.cosine, 6), ReportFormat.significant(point.maximumError), point.bad?.rawValue ?? "",
      ])
    }
    return table
  }
}
