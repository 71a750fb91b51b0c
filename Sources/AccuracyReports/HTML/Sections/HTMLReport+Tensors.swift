import Foundation

extension HTMLReport {
  /// All tensors, the worst first, and how their size compares with their error.
  @MarkupBuilder var tensorSection: Markup {
    if !report.tensors.isEmpty {
      section("tensors", "Tensors") {
        element("p", ["class": "remark"]) {
          "\(findings.exactTensorCount) of \(report.tensors.count) are unchanged."
        }
        ScatterPlot(report.tensors)?.markup ?? Markup()
        tensorControls
        tensorTable
      }
    }
  }

  private var tensorControls: Markup {
    element("div", ["class": "controls", "id": "tensor-controls", "hidden": ""]) {
      element("label") {
        "Filter "
        element("input", ["type": "search", "id": "tensor-filter", "placeholder": "name, role or scheme"])
      }
      element("label") {
        "Part "
        element("select", ["id": "tensor-part"]) {
          element("option", ["value": ""]) { "all" }
          for part in ModelPart.allCases where report.tensors.contains(where: { $0.part == part }) {
            element("option", ["value": part.rawValue]) { part.rawValue }
          }
        }
      }
      element("label") {
        element("input", ["type": "checkbox", "id": "tensor-inexact"])
        " without exact ones"
      }
      element("output", ["id": "tensor-count", "aria-live": "polite"])
    }
  }

  private var tensorTable: Markup {
    let places = Dictionary(report.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = findings.worstTensors + report.tensors.filter(\.isExact)
    return element("div", ["class": "scroll tall", "tabindex": "0", "role": "region", "aria-label": "Tensors"]) {
      element("table", ["id": "tensor-table", "class": "sortable"]) {
        element("caption") { "Tensors of the candidate against those of the reference, the largest error first" }
        element("thead") {
          element("tr") {
            HTMLTable.sortable("tensor", isNumeric: false, hint: "Canonical name")
            HTMLTable.sortable("error", isNumeric: true, hint: "Frobenius norm of the error over that of the values")
            HTMLTable.sortable("SQNR dB", isNumeric: true, hint: "Signal to quantization noise ratio")
            HTMLTable.sortable("max error", isNumeric: true, hint: "Largest absolute error of one value")
            HTMLTable.sortable("cosine", isNumeric: true, hint: "Cosine between the tensors taken as vectors")
            HTMLTable.sortable("scheme", isNumeric: false, hint: "How the candidate keeps it")
            HTMLTable.sortable("disk bits", isNumeric: true, hint: "Bits per weight on disk, scales included")
            HTMLTable.sortable("memory bits", isNumeric: true, hint: "Bits per weight in memory, scales included")
            HTMLTable.sortable("weights", isNumeric: true, hint: "How many weights")
            HTMLTable.sortable("shape", isNumeric: false, hint: "Sizes, the slowest first")
            HTMLTable.sortable("part", isNumeric: false, hint: "Part of the model")
            HTMLTable.sortable("role", isNumeric: false, hint: "What the tensor does")
            HTMLTable.sortable("clipped", isNumeric: true, hint: "Share of values beyond the range of their scale")
            HTMLTable.sortable("outliers", isNumeric: true, hint: "Share of values that are outliers of their tensor")
            HTMLTable.sortable("#", isNumeric: true, hint: "Place in the graph")
          }
        }
        element("tbody") {
          for tensor in rows { row(tensor, place: places[tensor.name] ?? 0) }
        }
      }
    }
  }

  private func row(_ tensor: TensorDifference, place: Int) -> Markup {
    element("tr", ["data-part": tensor.part.rawValue, "class": tensor.isExact ? "exact" : ""]) {
      element("th", ["scope": "row"]) { Markup(breakable: tensor.name) }
      element(
        "td",
        [
          "class": "num bar", "data-v": "\(tensor.relativeError)",
          "style": "--share: \(barShare(tensor.relativeError))%",
        ]
      ) { ReportFormat.significant(tensor.relativeError) }
      HTMLTable.number(
        tensor.isExact ? .infinity : tensor.signalToNoise,
        tensor.isExact ? "exact" : ReportFormat.decibels(tensor.signalToNoise))
      HTMLTable.number(tensor.maximumError, ReportFormat.significant(tensor.maximumError))
      HTMLTable.number(tensor.cosine, ReportFormat.fixed(tensor.cosine, 6))
      element("td") { Markup(name: tensor.scheme) }
      HTMLTable.number(tensor.storedBitsPerWeight, ReportFormat.fixed(tensor.storedBitsPerWeight, 2))
      HTMLTable.number(tensor.residentBitsPerWeight, ReportFormat.fixed(tensor.residentBitsPerWeight, 2))
      HTMLTable.number(Double(tensor.weightCount), ReportFormat.count(tensor.weightCount))
      element("td", ["class": "shape"]) { ReportFormat.shape(tensor.shape) }
      element("td") { tensor.part.rawValue }
      element("td") { Markup(name: tensor.role) }
      HTMLTable.number(tensor.clippedShare, share(tensor.clippedShare))
      HTMLTable.number(tensor.outlierShare, share(tensor.outlierShare))
      HTMLTable.number(Double(place), "\(place)")
    }
  }

  private func share(_ value: Double?) -> String {
    value.map { ReportFormat.percent($0, places: 2) } ?? ReportFormat.none
  }

  /// Length of an error's bar in per cent of the largest error.
  private func barShare(_ error: Double) -> Int {
    guard error.isFinite else { return 100 }
    return largestError > 0 ? Int((error / largestError * 100).rounded()) : 0
  }

  private var largestError: Double { report.tensors.map(\.relativeError).filter(\.isFinite).max() ?? 0 }
}
