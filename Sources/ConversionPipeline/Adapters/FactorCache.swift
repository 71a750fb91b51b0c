import FusionCore

/// Keeps the factors of the updates that were asked for last: neighbouring blocks of one tensor share them, and a
/// model's factors together can be gigabytes.
final class FactorCache: Sendable {
  private struct Entry {
    let name: String
    let factors: LowRankFactors
  }

  /// More than the tensors that threads work on at once, since they go through a model in order.
  private static let capacity = 4

  private let entries = Protected<[Entry]>([])

  /// The factors of an update, made if they are not at hand; two threads may make the same.
  func factors(named name: String, make: () throws -> LowRankFactors) rethrows -> LowRankFactors {
    let known = entries.withLock { list -> LowRankFactors? in
      guard let index = list.firstIndex(where: { $0.name == name }) else { return nil }
      let entry = list.remove(at: index)
      list.append(entry)
      return entry.factors
    }
    if let known { return known }
    let made = try make()
    entries.withLock { list in
      if !list.contains(where: { $0.name == name }) { list.append(Entry(name: name, factors: made)) }
      if list.count > Self.capacity { list.removeFirst() }
    }
    return made
  }
}
