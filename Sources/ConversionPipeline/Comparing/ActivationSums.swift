import AccuracyMetrics
import AccuracyReports
import FusionRuntime

/// What is added up of each point over all samples.
struct ActivationSums {
  private struct Entry {
    let name: String
    var sums = ActivationDistance()
  }

  private var entries: [Entry] = []
  private var places: [String: Int] = [:]

  /// Adds one sample's values at a point; points come in the order of computation.
  mutating func add(_ name: String, _ distance: ActivationDistance) {
    let place = places[name] ?? entries.count
    if place == entries.count {
      places[name] = place
      entries.append(Entry(name: name))
    }
    entries[place].sums.merge(distance)
  }

  /// All points.
  func differences() -> [ActivationDifference] {
    var before: [ActivationPart: Double] = [:]
    return entries.enumerated().map { order, entry in
      let sums = entry.sums
      let part = ActivationPoint.part(entry.name)
      let error = RelativeFrobeniusError.value(signalEnergy: sums.referenceEnergy, errorEnergy: sums.errorEnergy)
      defer { before[part] = error }
      return ActivationDifference(
        point: entry.name, order: order, part: part, layer: ActivationPoint.layer(entry.name),
        relativeError: sums.candidateNonfinite == .none ? error : .nan,
        cosine: sums.errorEnergy == 0
          ? 1
          : CosineSimilarity.value(
            dotProduct: sums.dotProduct, referenceEnergy: sums.referenceEnergy, otherEnergy: sums.candidateEnergy),
        maximumError: sums.maximumError, growth: before[part].flatMap { $0 > 0 ? error / $0 : nil },
        bad: sums.candidateNonfinite.kind)
    }
  }
}

extension ActivationDistance.Nonfinite {
  fileprivate var kind: BadValueKind? {
    switch self {
    case .none: nil
    case .infinity: .infinity
    case .nan: .nan
    }
  }
}
