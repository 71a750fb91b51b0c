import Foundation
import FusionCore

/// Keeps the factors of the updates that were asked for last: neighbouring blocks of one tensor share them, and a
/// model's factors together can be gigabytes.
final class FactorCache: Sendable {
  private struct Entry {
    let name: String
    let factors: LowRankFactors
  }

  /// One for each thread that can work at once and some for those that are ahead, so that nobody's factors are dropped
  /// while they are in use; a few more cost nothing where they are small.
  private static let capacity = max(16, ProcessInfo.processInfo.activeProcessorCount + 2)

  private let byteLimit: Int
  private let entries = Protected<[Entry]>([])

  /// Makes an empty store.
  ///
  /// - Parameter byteLimit: bytes that all kept factors may have; the latest are kept whatever their size.
  init(byteLimit: Int) { self.byteLimit = byteLimit }

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
      var byteCount = list.reduce(0) { $0 + $1.factors.byteCount }
      while list.count > Self.capacity || (list.count > 1 && byteCount > byteLimit) {
        byteCount -= list.removeFirst().factors.byteCount
      }
    }
    return made
  }
}
