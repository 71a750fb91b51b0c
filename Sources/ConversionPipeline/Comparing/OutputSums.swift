import AccuracyMetrics
import AccuracyReports
import Foundation
import FusionRuntime

/// What is kept of every measured position.
struct OutputSums {
  private var groups: [Int] = []
  private var divergences: [Double] = []
  private var top1: [Double] = []
  private var top5: [Double] = []
  private var probabilityChanges: [Double] = []
  private var referenceLosses: [Double] = []
  private var candidateLosses: [Double] = []

  /// Positions so far.
  var positionCount: Int { divergences.count }

  /// Adds the predictions of some positions of a sample.
  ///
  /// - Parameters:
  ///   - targets: the token that comes next at each position.
  ///   - sample: number of the sample, for intervals.
  mutating func add(reference: ActivationMatrix, candidate: ActivationMatrix, targets: [Int], sample: Int) {
    for (row, target) in targets.enumerated() {
      reference.withRow(row) { x in
        candidate.withRow(row) { y in
          groups.append(sample)
          divergences.append(KullbackLeiblerDivergence.value(reference: x, candidate: y))
          top1.append(TopAgreement.top1(reference: x, candidate: y) ? 1 : 0)
          top5.append(TopAgreement.top5Overlap(reference: x, candidate: y))
          let before = TokenDistribution.logProbability(of: target, in: x)
          let after = TokenDistribution.logProbability(of: target, in: y)
          probabilityChanges.append(exp(after) - exp(before))
          referenceLosses.append(-before)
          candidateLosses.append(-after)
        }
      }
    }
  }

  /// Adds what another one has seen.
  mutating func merge(_ other: OutputSums) {
    groups += other.groups
    divergences += other.divergences
    top1 += other.top1
    top5 += other.top5
    probabilityChanges += other.probabilityChanges
    referenceLosses += other.referenceLosses
    candidateLosses += other.candidateLosses
  }

  /// Mean divergence, in nats; `nil` without positions.
  var meanDivergence: Double? {
    divergences.isEmpty ? nil : divergences.reduce(0, +) / Double(divergences.count)
  }

  /// The measures; `nil` without positions.
  func divergence() -> OutputDivergence? {
    guard !divergences.isEmpty else { return nil }
    let summary = Summary(divergences, groups: groups)
    let ratio = PerplexityRatio(reference: referenceLosses, candidate: candidateLosses, groups: groups)
    return OutputDivergence(
      sampleCount: Set(groups).count, positionCount: divergences.count,
      divergence: ReportedDistribution(
        mean: ReportedEstimate(summary.mean, summary.interval), median: summary.median, p90: summary.p90,
        p99: summary.p99, maximum: summary.maximum),
      histogram: ReportedHistogram(Histogram(divergences)), top1Agreement: estimate(top1),
      top5Agreement: estimate(top5), rightTokenChange: estimate(probabilityChanges),
      referencePerplexity: Perplexity.value(meanNegativeLogLikelihood: mean(referenceLosses)),
      candidatePerplexity: Perplexity.value(meanNegativeLogLikelihood: mean(candidateLosses)),
      perplexityRatio: ReportedEstimate(ratio.value, ratio.interval))
  }

  private func estimate(_ values: [Double]) -> ReportedEstimate {
    ReportedEstimate(mean(values), MeanInterval.value(of: values, groups: groups))
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension ReportedEstimate {
  init(_ value: Double, _ interval: ConfidenceInterval?) {
    self.init(value: value, low: interval?.lower, high: interval?.upper, level: ConfidenceInterval.level)
  }
}

extension ReportedHistogram {
  /// Exact zeros and what is smaller than the first edge share the first bin; what is larger than all is in the last.
  init(_ histogram: Histogram) {
    var counts = [histogram.zeroCount + histogram.belowCount] + histogram.binCounts
    counts[counts.count - 1] += histogram.aboveCount
    self.init(edges: [0] + Histogram.edges, counts: counts)
  }
}
