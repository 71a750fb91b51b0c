extension TerminalReport {
  var predictions: [String] {
    let table = findings.predictionTable
    guard !table.isEmpty else { return [heading("PREDICTIONS"), "  not compared"] }
    return [heading("PREDICTIONS", "Kullback-Leibler divergence of the next token in nats, 95 % intervals")]
      + drawn(table)
  }

  var histogram: [String] {
    guard let histogram = report.outputs.all?.histogram, histogram.binCount > 0 else { return [] }
    let counts = histogram.counts.prefix(histogram.binCount)
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
      return []
    }
    let maximum = Double(counts.max() ?? 0)
    var grid = TextGrid([.right, .left, .right, .left])
    for bin in first...last {
      let bar = TextBar.horizontal(Double(counts[bin]), of: maximum, columns: width - 40)
      grid.add([
        ReportFormat.edge(histogram.edges[bin]), "to",
        ReportFormat.edge(histogram.edges[bin + 1]), "\(bar) \(counts[bin])",
      ])
    }
    return [heading("DIVERGENCE BY POSITION", "how many positions lie in which range")]
      + grid.lines.map { "  " + $0.truncated(toColumns: width - 2) }
  }

  var errorEntry: [String] {
    guard !report.activations.isEmpty else { return [] }
    var lines = [heading("WHERE THE ERROR ENTERS", "relative error of the activations, in the order of computation")]
    if let bad = report.firstBad {
      lines += paragraph("first bad point: \(bad.point): \(bad.sentence)").map(style.bad)
      if !bad.tensors.isEmpty {
        lines += paragraph("look at \(bad.tensors.prefix(4).joined(separator: ", "))", indent: 4)
      }
    }
    var grid = TextGrid([.left, .left, .left])
    for series in findings.series where series.points.count > 1 {
      let values = series.points.map(\.relativeError)
      grid.add([
        "  " + series.name.onOneLine.nameTruncated(toColumns: 26), TextBar.line(values, columns: width - 50),
        "ends at " + ReportFormat.significant(values.last ?? .nan),
      ])
    }
    lines += grid.lines
    let kind =
      findings.hasOwnErrors ? "added is the error of the layer alone" : "added is the rise over the point before"
    let table = findings.entryTable(limit: 6)
    return lines + (table.isEmpty ? [] : paragraph("most is added here; \(kind)").map(style.faint) + drawn(table))
  }

  var mapping: [String] {
    let table = findings.mappingTable
    guard !table.isEmpty else { return [] }
    return [heading("SEMANTIC MAPPING", "mean of 1 - cosine; 0 is perfect")] + drawn(table)
  }
}
