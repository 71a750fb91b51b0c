extension ReportFindings {
  /// Divergence, agreement and perplexity; a column for each kind of prompts that was compared.
  var predictionTable: ReportTable {
    let scopes = [
      ("all prompts", report.outputs.all), ("with a picture", report.outputs.image),
      ("text alone", report.outputs.text),
    ].compactMap { title, value in value.map { (title, $0) } }
    var table = ReportTable([.text("")] + scopes.map { .number($0.0) })
    guard !scopes.isEmpty else { return table }
    func add(_ label: String, _ cell: (OutputDivergence) -> String?) {
      let cells = scopes.map { cell($0.1) }
      if cells.contains(where: { $0 != nil }) { table.add([label] + cells.map { $0 ?? ReportFormat.none }) }
    }
    add("samples") { "\($0.sampleCount)" }
    add("positions") { "\($0.positionCount)" }
    add("mean divergence") { ReportFormat.withInterval($0.divergence.mean) }
    add("median") { ReportFormat.significant($0.divergence.median) }
    add("90th percentile") { ReportFormat.significant($0.divergence.p90) }
    add("99th percentile") { ReportFormat.significant($0.divergence.p99) }
    add("maximum") { ReportFormat.significant($0.divergence.maximum) }
    add("same first choice") { ReportFormat.percentWithInterval($0.top1Agreement) }
    add("same five choices") { $0.top5Agreement.map(ReportFormat.percentWithInterval) }
    add("right token") { $0.rightTokenChange.map(ReportFormat.pointsWithInterval) }
    add("perplexity before") { $0.referencePerplexity.map { ReportFormat.significant($0, digits: 4) } }
    add("perplexity after") { $0.candidatePerplexity.map { ReportFormat.significant($0, digits: 4) } }
    add("perplexity ratio") { $0.perplexityRatio.map(ReportFormat.ratioWithInterval) }
    return table
  }

  /// Limits and whether they hold.
  var gateTable: ReportTable {
    let results = report.gate?.results ?? []
    let hasNotes = results.contains { $0.reason != nil }
    var table = ReportTable(
      [.text(""), .text("metric"), .number("value"), .number("limit")] + (hasNotes ? [.text("note")] : []))
    for result in results {
      let outcome = result.passed ? (result.value == nil ? "skipped" : "passed") : "failed"
      let value = result.value.map { ReportFormat.significant($0) } ?? ReportFormat.none
      let note = hasNotes ? [result.reason ?? ""] : []
      table.add([outcome, result.metric, value, ReportFormat.plain(result.limit)] + note)
    }
    return table
  }

  /// Trace points where most error enters.
  func entryTable(limit: Int) -> ReportTable {
    var table = ReportTable([
      .name("trace point"), .text("part"), .number("error"), .number("added"), .number("growth"), .number("cosine"),
      .number("max error"),
    ])
    for (point, added) in entryPoints.prefix(limit) {
      table.add([
        point.point, point.part.rawValue, ReportFormat.significant(point.relativeError),
        ReportFormat.significant(added), point.growth.map { ReportFormat.significant($0) + "×" } ?? ReportFormat.none,
        ReportFormat.fixed(point.cosine, 5), ReportFormat.significant(point.maximumError),
      ])
    }
    return table
  }

  /// Tensors with the largest relative error.
  func tensorTable(limit: Int) -> ReportTable {
    var table = ReportTable([
      .name("tensor"), .text("scheme"), .number("weights", isOptional: true), .number("bits"), .number("SQNR dB"),
      .number("error"), .number("max error", isOptional: true), .number("clipped", isOptional: true),
    ])
    for tensor in worstTensors.prefix(limit) {
      table.add([
        tensor.name, tensor.scheme, ReportFormat.count(tensor.weightCount),
        ReportFormat.fixed(tensor.storedBitsPerWeight, 2), ReportFormat.decibels(tensor.signalToNoise),
        ReportFormat.significant(tensor.relativeError), ReportFormat.significant(tensor.maximumError),
        tensor.clippedShare.map { ReportFormat.percent($0, places: 2) } ?? ReportFormat.none,
      ])
    }
    return table
  }

  /// Task accuracy by category, with all questions first.
  var categoryTable: ReportTable {
    var table = ReportTable([
      .text("category"), .number("questions"), .number("reference"), .number("candidate"), .number("change"),
      .number("majority guess"),
    ])
    guard let answers = report.answers else { return table }
    if let reference = answers.referenceAccuracy, let candidate = answers.candidateAccuracy {
      table.add([
        "all", "\(answers.questionCount)", ReportFormat.percentWithInterval(reference),
        ReportFormat.percentWithInterval(candidate), ReportFormat.points(candidate.value - reference.value), "",
      ])
    }
    for category in answers.categories {
      table.add([
        category.category, "\(category.questionCount)", ReportFormat.percentWithInterval(category.reference),
        ReportFormat.percentWithInterval(category.candidate),
        ReportFormat.points(category.candidate.value - category.reference.value),
        category.majorityGuess.map { ReportFormat.percent($0) } ?? ReportFormat.none,
      ])
    }
    return table
  }

  /// Sizes and speeds of both models.
  var sideTable: ReportTable {
    var table = ReportTable([.text(""), .number("reference"), .number("candidate"), .number("ratio")])
    let (a, b) = (report.reference, report.candidate)
    func add(_ label: String, _ value: (ModelSide) -> Double?, _ text: (Double) -> String) {
      guard value(a) != nil || value(b) != nil else { return }
      let cells = [value(a), value(b)].map { $0.map(text) ?? ReportFormat.none }
      table.add([label] + cells + [ReportFormat.factor(value(b), over: value(a))])
    }
    let bytes: (Double) -> String = { ReportFormat.bytes(Int($0)) }
    add("size on disk", { Double($0.storedByteCount) }, bytes)
    add("bits per weight on disk", \.storedBitsPerWeight) { ReportFormat.fixed($0, 2) }
    add("weights in memory", { Double($0.residentByteCount) }, bytes)
    add("bits per weight in memory", \.residentBitsPerWeight) { ReportFormat.fixed($0, 2) }
    add("peak memory", { $0.peakMemoryByteCount.map(Double.init) }, bytes)
    add("time to load", \.loadSeconds, ReportFormat.seconds)
    add("vision, one picture", \.visionSeconds, ReportFormat.seconds)
    add("prefill, tokens/s", \.prefillTokensPerSecond) { ReportFormat.significant($0) }
    add("decode, tokens/s", \.decodeTokensPerSecond) { ReportFormat.significant($0) }
    return table
  }

  /// Tensors by the harm that quantizing each alone does.
  func sensitivityTable(limit: Int) -> ReportTable {
    var table = ReportTable([
      .text("tensor"), .number("divergence"), .number("share"), .text("suggested"),
    ])
    for entry in report.sensitivity?.entries.prefix(limit) ?? [] {
      table.add([
        entry.name, ReportFormat.significant(entry.divergence), ReportFormat.percent(entry.share),
        entry.suggestedScheme ?? ReportFormat.none,
      ])
    }
    return table
  }

  /// The mapping loss of both models.
  var mappingTable: ReportTable {
    var table = ReportTable([.text("mapping loss"), .number("reference"), .number("candidate"), .number("change")])
    for (label, term) in [
      ("instruction to vision and back", report.mapping?.instruct),
      ("vision to language and back", report.mapping?.vision),
    ] {
      guard let term else { continue }
      table.add([
        label, ReportFormat.fixed(term.reference, 5), ReportFormat.fixed(term.candidate, 5),
        ReportFormat.signed(term.candidate - term.reference, places: 5),
      ])
    }
    return table
  }

  /// What McNemar's test says, in a sentence; nil without one.
  var pairedTestSentence: String? {
    guard let test = report.answers?.pairedTest else { return nil }
    let p = ReportFormat.significant(test.pValue, digits: 2)
    let meaning = test.pValue < 0.05 ? "more than chance would" : "which chance may explain"
    return "Right in the reference alone: \(test.referenceOnlyCount); in the candidate alone: "
      + "\(test.candidateOnlyCount); p = \(p) (McNemar), \(meaning)."
  }
}
