import FusionRuntime
import Quantizers

/// Sums up the inputs of the linear layers of one stage.
///
/// Used by the thread that drives the pass alone.
final class InputCollector: LinearInputObserver, @unchecked Sendable {
  /// What was seen of a site.
  struct Entry {
    var site: InputSite
    let moments: SecondMoments
  }

  /// Sites in the order in which they were first seen.
  private(set) var entries: [Entry] = []

  /// What rows count; set before the first one is seen.
  var rowWeights = TokenWeights(language: 1, vision: 1)

  private let isFull: Bool
  private let tiesHead: Bool
  private var indices: [String: Int] = [:]

  /// - Parameters:
  ///   - isFull: whether products of all pairs of columns are summed.
  ///   - tiesHead: whether the head is the embedding, which then stands for both names.
  init(isFull: Bool, tiesHead: Bool) {
    self.isFull = isFull
    self.tiesHead = tiesHead
  }

  func observe(_ input: LinearInput, in context: ComputeContext) {
    let count = input.values.rowCount
    guard count > 0 else { return }
    let isTiedHead = tiesHead && input.weights == ["language.embedding.weight"]
    let weights = isTiedHead ? ["language.head.weight"] + input.weights : input.weights
    let index = index(InputSite(weights: weights, width: input.values.columnCount))
    let runs = input.kinds.runs(rowCount: count)
    for run in runs {
      if run.isVision {
        entries[index].site.visionRowCount += run.rows.count
      } else {
        entries[index].site.languageRowCount += run.rows.count
      }
    }
    let weighted = runs.map {
      WeightedRows(rows: $0.rows, weight: $0.isVision ? rowWeights.vision : rowWeights.language)
    }
    input.values.withValues { entries[index].moments.add($0, runs: weighted, team: context.team) }
  }

  /// Goes on with what was written down.
  func resume(_ entry: Entry) {
    precondition(indices[entry.site.name] == nil, "\(entry.site.name) is there already")
    indices[entry.site.name] = entries.count
    entries.append(entry)
  }

  /// Forgets everything, so that memory holds one stage.
  func removeAll() {
    entries = []
    indices = [:]
  }

  private func index(_ site: InputSite) -> Int {
    if let index = indices[site.name] {
      precondition(entries[index].site.weights == site.weights, "\(site.name) is the input of other weights now")
      return index
    }
    resume(Entry(site: site, moments: SecondMoments(width: site.width, hasProducts: isFull)))
    return entries.count - 1
  }
}
