internal import CNumericKernels
import Glibc
import Synchronization

/// The threads of a ``WorkerTeam`` besides the caller's own.
///
/// The steps of a token are tens of microseconds long, about as long as it takes to wake a thread. So these stay awake for
/// a moment after each step, and sleep only when none follows.
final class TeamThreads: Sendable {
  private let shared: Shared
  private let threads: [pthread_t]

  /// Starts threads; fewer where the system gives no more.
  init(count: Int) {
    let shared = Shared()
    var threads: [pthread_t] = []
    for index in 1...max(count, 1) where index <= count {
      let start = Start(shared: shared, index: index)
      var thread = pthread_t()
      let reference = Unmanaged.passRetained(start)
      let status = pthread_create(&thread, nil, { TeamThreads.main($0) }, reference.toOpaque())
      guard status == 0 else {
        reference.release()
        break
      }
      threads.append(thread)
    }
    self.shared = shared
    self.threads = threads
  }

  deinit {
    shared.isStopping.store(true, ordering: .relaxed)
    shared.announce()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs a body once on each of `workers` threads, this one among them.
  ///
  /// - Parameter body: gets a number below `workers`, another one on each thread; called less often where the system
  ///   gave fewer threads.
  /// - Returns: `false`, and nothing is done, if the threads are working for someone else.
  func run(workers: Int, _ body: (Int) -> Void) -> Bool {
    guard shared.isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    withoutActuallyEscaping(body) { body in
      shared.body = body
      shared.workerCount = workers
      shared.pendingCount.store(threads.count, ordering: .relaxed)
      shared.announce()
      body(0)
      var rounds = 0
      while shared.pendingCount.load(ordering: .acquiring) > 0 {
        rounds += 1
        if rounds < Self.patience { fk_pause() } else { sched_yield() }
      }
      shared.body = nil
    }
    shared.isBusy.store(false, ordering: .releasing)
    return true
  }

  /// Looks for new work before a thread goes to sleep: some 50 to 100 microseconds.
  private static let patience = 4000

  /// What the threads have in common. The fields that are not atomic are written while no thread looks at them.
  private final class Shared: @unchecked Sendable {
    let monitor = Monitor()
    let isBusy = Atomic(false)
    let isStopping = Atomic(false)
    let generation = Atomic(0)
    let pendingCount = Atomic(0)
    let sleeperCount = Atomic(0)
    var body: ((Int) -> Void)?
    var workerCount = 0

    /// Tells all threads that there is something new.
    func announce() {
      generation.add(1, ordering: .sequentiallyConsistent)
      guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
      monitor.lock()
      monitor.wakeAll()
      monitor.unlock()
    }

    /// Waits for something that came after a generation.
    func next(after seen: Int) -> Int {
      for _ in 0..<TeamThreads.patience {
        let found = generation.load(ordering: .acquiring)
        if found != seen { return found }
        fk_pause()
      }
      monitor.lock()
      // Whoever announces either finds a sleeper here, or is found by it.
      sleeperCount.add(1, ordering: .sequentiallyConsistent)
      while generation.load(ordering: .sequentiallyConsistent) == seen { monitor.wait() }
      sleeperCount.subtract(1, ordering: .sequentiallyConsistent)
      monitor.unlock()
      return generation.load(ordering: .acquiring)
    }
  }

  private final class Start {
    let shared: Shared
    let index: Int

    init(shared: Shared, index: Int) {
      self.shared = shared
      self.index = index
    }
  }

  private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
    let shared = start.shared
    var seen = 0
    while true {
      seen = shared.next(after: seen)
      if shared.isStopping.load(ordering: .relaxed) { return nil }
      if start.index < shared.workerCount { shared.body?(start.index) }
      shared.pendingCount.subtract(1, ordering: .releasing)
    }
  }
}
