/// Work on numbered items by several threads, with one step in between that sees the items strictly in order.
///
/// Each item goes through three steps: `produce` (any thread, any order), `commit` (one thread at a time, in order of
/// number), `finish` (any thread, any order). At most `window` items are produced ahead of the commit, which bounds
/// memory. What comes out depends on the items alone, not on the number of threads.
public enum OrderedWorkers {
  /// Runs all items to the end.
  ///
  /// - Parameters:
  ///   - count: number of items.
  ///   - threads: threads to use, at least 1; fewer work where the system gives no more.
  ///   - makeContext: called once on each thread; what it gives is that thread's own.
  ///   - produce: makes an item's product.
  ///   - commit: takes the products in order.
  ///   - finish: gets what `commit` gave.
  /// - Throws: the error of the item with the lowest number among those that failed; the others are abandoned.
  public static func run<Context, Product, Committed>(
    count: Int, threads: Int, makeContext: @escaping () throws -> Context,
    produce: @escaping (Context, Int) throws -> Product, commit: @escaping (Int, Product) throws -> Committed,
    finish: @escaping (Context, Int, Committed) throws -> Void
  ) throws {
    precondition(threads > 0 && count >= 0, "\(count) items on \(threads) threads")
    // The closures are shared by the threads of this call only, and the call outlives them.
    nonisolated(unsafe) let run = OrderedRun(
      count: count, window: 3 * threads, makeContext: makeContext, produce: produce, commit: commit, finish: finish)
    BriefThreads.run(threads, sharing: BriefThreads.Limit(threads - 1)) { _ in run.work() }
    if let failure = run.failure { throw failure.error }
  }

  /// Runs items that need no third step.
  ///
  /// - Throws: as ``run(count:threads:makeContext:produce:commit:finish:)``.
  public static func run<Context, Product>(
    count: Int, threads: Int, makeContext: @escaping () throws -> Context,
    produce: @escaping (Context, Int) throws -> Product, commit: @escaping (Int, Product) throws -> Void
  ) throws {
    try run(
      count: count, threads: threads, makeContext: makeContext, produce: produce, commit: commit,
      finish: { _, _, _ in })
  }
}

/// The shared state of one call.
private final class OrderedRun<Context, Product, Committed> {
  let count: Int
  let window: Int
  let makeContext: () throws -> Context
  let produce: (Context, Int) throws -> Product
  let commit: (Int, Product) throws -> Committed
  let finish: (Context, Int, Committed) throws -> Void

  private let monitor = Monitor()
  private var nextToProduce = 0
  private var nextToCommit = 0
  private var finishedCount = 0
  private var isCommitting = false
  private var products: [Int: Product] = [:]
  private var committed: [(index: Int, value: Committed)] = []
  /// The failure of the lowest item so far.
  private(set) var failure: (index: Int, error: any Error)?

  init(
    count: Int, window: Int, makeContext: @escaping () throws -> Context,
    produce: @escaping (Context, Int) throws -> Product, commit: @escaping (Int, Product) throws -> Committed,
    finish: @escaping (Context, Int, Committed) throws -> Void
  ) {
    self.count = count
    self.window = window
    self.makeContext = makeContext
    self.produce = produce
    self.commit = commit
    self.finish = finish
  }

  /// One thread's part: takes whatever step is open, nearest to the end first.
  func work() {
    monitor.lock()
    defer { monitor.unlock() }
    guard let context = attempt(item: -1, makeContext) else { return }
    while failure == nil, finishedCount < count {
      if let (index, value) = committed.popLast() {
        _ = attempt(item: index) { try finish(context, index, value) }
        finishedCount += 1
        monitor.wakeAll()
      } else if !isCommitting, let product = products.removeValue(forKey: nextToCommit) {
        let index = nextToCommit
        isCommitting = true
        let value = attempt(item: index) { try commit(index, product) }
        isCommitting = false
        nextToCommit += 1
        if let value { committed.append((index, value)) }
        monitor.wakeAll()
      } else if nextToProduce < count, nextToProduce < nextToCommit + window {
        let index = nextToProduce
        nextToProduce += 1
        if let product = attempt(item: index, { try produce(context, index) }) { products[index] = product }
        monitor.wakeAll()
      } else {
        monitor.wait()
      }
    }
  }

  /// Runs a step without the lock; a failure is noted and ends the run.
  private func attempt<Result>(item index: Int, _ step: () throws -> Result) -> Result? {
    monitor.unlock()
    let outcome = Swift.Result { try step() }
    monitor.lock()
    switch outcome {
    case .success(let value): return value
    case .failure(let error):
      if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
      monitor.wakeAll()
      return nil
    }
  }
}
