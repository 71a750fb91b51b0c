import AccuracyReports
import FusionCore

/// Ranks what a candidate has changed by the divergence that each part of it causes alone, and proposes a plan.
struct SensitivityRanker {
  let measurer: SensitivityMeasurer
  let unit: SensitivityUnit
  let tensors: [TensorDifference]

  /// The ranking.
  ///
  /// - Throws: as the passes do.
  func rank(progress: ProgressHandler?) throws -> SensitivityRanking {
    let parts = SensitivityPartition(tensors.filter { !$0.isExact }.map(\.name), by: unit).parts
    let divergences = try measurer.divergences(of: parts, progress: progress)
    let total = divergences.filter(\.isFinite).reduce(0, +)
    let schemes = Dictionary(tensors.map { ($0.name, $0.scheme) }, uniquingKeysWith: { first, _ in first })
    let entries = zip(parts, divergences).map { part, divergence in
      let share = total > 0 ? divergence / total : 0
      return (
        part: part,
        entry: SensitivityEntry(
          name: part.name, divergence: divergence, share: share,
          suggestedScheme: share * Double(parts.count) >= SensitivityPlan.wideningShare
            ? SensitivityPlan.wider(part.tensors.compactMap { schemes[$0] }) : nil)
      )
    }.sorted { ($0.entry.divergence, $1.entry.name) > ($1.entry.divergence, $0.entry.name) }
    let changes = entries.flatMap { pair in
      pair.entry.suggestedScheme.map { scheme in pair.part.tensors.map { ($0, scheme) } } ?? []
    }
    let limit = measurer.options.sensitivitySampleLimit
    return SensitivityRanking(
      method: "each of \(parts.count) \(unit.rawValue) of the candidate alone in the reference: mean KL divergence over"
        + " \(limit) samples with and \(limit) without a picture at most, each kind counting alike, exact passes from"
        + " its layer to the end",
      entries: entries.map(\.entry), plan: SensitivityPlan.text(tensors, changes: changes))
  }
}
