import FusionCore
import Synchronization

/// Threads that share out numbered items of one step of a computation.
///
/// What an item computes must not depend on the thread that works on it; then the result is the same for any number of
/// threads. Steps are short (a matrix product, an attention head), so nothing here allocates or locks.
public struct WorkerTeam: Sendable {
  /// Threads that work; fewer do where the system gives no more, with the same results.
  public let threads: Int
  /// The threads besides the caller's; `nil` if there are none.
  private let others: TeamThreads?
  /// For steps that find those at work.
  private let limit: BriefThreads.Limit

  /// - Precondition: at least one thread.
  public init(threads: Int) {
    precondition(threads > 0, "\(threads) threads")
    self.threads = threads
    others = threads > 1 ? TeamThreads(count: threads - 1) : nil
    limit = BriefThreads.Limit(threads - 1)
  }

  /// Runs all items and returns when the last is done.
  ///
  /// - Parameters:
  ///   - count: number of items.
  ///   - body: gets the number of the worker, below ``threads``, and of the item. No two items run at the same time
  ///     on one worker, so that a worker can have scratch memory of its own.
  public func run(count: Int, _ body: @Sendable (_ worker: Int, _ item: Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for item in 0..<max(count, 0) { body(0, item) }
      return
    }
    let next = Atomic(0)
    @Sendable func work(_ worker: Int) {
      while true {
        let item = next.add(1, ordering: .relaxed).oldValue
        guard item < count else { return }
        body(worker, item)
      }
    }
    if others?.run(workers: workers, work) != true {
      // A step inside of a step, or two callers at once.
      BriefThreads.run(workers, sharing: limit, work)
    }
  }

  /// Runs all items and throws the error of the one with the lowest number among those that failed.
  public func runThrowing(count: Int, _ body: @Sendable (_ worker: Int, _ item: Int) throws -> Void) throws {
    let failure = Protected<(item: Int, error: any Error)?>(nil)
    run(count: count) { worker, item in
      do {
        try body(worker, item)
      } catch {
        failure.withLock { known in
          if known.map({ item < $0.item }) ?? true { known = (item, error) }
        }
      }
    }
    if let failed = failure.withLock({ $0 }) { throw failed.error }
  }
}
