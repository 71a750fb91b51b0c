extension GateMetric {
  /// The metric's value in a report; nil where the report does not have it.
  ///
  /// A value that is not a number is returned as such: it is within no limit.
  public func value(in report: DiffReport) -> Double? {
    let outputs =
      switch scope {
      case .all: report.outputs.all
      case .image: report.outputs.image
      case .text: report.outputs.text
      }
    switch quantity {
    case .divergenceMean: return outputs?.divergence.mean.value
    case .divergenceMedian: return outputs?.divergence.median
    case .divergenceP90: return outputs?.divergence.p90
    case .divergenceP99: return outputs?.divergence.p99
    case .divergenceMaximum: return outputs?.divergence.maximum
    case .top1Disagreement: return outputs.map { 1 - $0.top1Agreement.value }
    case .top5Disagreement: return outputs?.top5Agreement.map { 1 - $0.value }
    case .rightTokenDrop: return outputs?.rightTokenChange.map { 0 - $0.value }
    case .perplexityRatio: return outputs?.perplexityRatio?.value
    case .accuracyDrop: return Self.accuracyDrop(report.answers)
    case .answersChanged: return Self.changedShare(report.answers)
    case .activationMaximum: return Self.largest(report.activations.map(\.relativeError))
    case .weightMaximum: return Self.largest(report.tensors.map(\.relativeError))
    case .mappingRise: return Self.mappingRise(report.mapping)
    }
  }

  private static func accuracyDrop(_ answers: AnswerComparison?) -> Double? {
    guard let reference = answers?.referenceAccuracy, let candidate = answers?.candidateAccuracy else { return nil }
    return reference.value - candidate.value
  }

  private static func changedShare(_ answers: AnswerComparison?) -> Double? {
    guard let answers, answers.questionCount > 0 else { return nil }
    return Double(answers.changedCount) / Double(answers.questionCount)
  }

  private static func mappingRise(_ mapping: MappingLoss?) -> Double? {
    largest([mapping?.instruct, mapping?.vision].compactMap { $0.map { $0.candidate - $0.reference } })
  }

  /// The largest value, or NaN if one is there: `max` would overlook it.
  private static func largest(_ values: [Double]) -> Double? {
    values.contains(where: \.isNaN) ? .nan : values.max()
  }
}
