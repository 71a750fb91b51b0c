import Glibc
import Synchronization

/// Threads for one piece of work, which are gone when it is done.
///
/// Where the system gives no more threads, fewer work: the caller's own thread is always one of them, so whatever is to
/// be done is done. (Dispatch would wait for ever for a thread that it cannot get.)
enum BriefThreads {
  /// How many threads may be started, by all who share it together.
  final class Limit: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    /// Takes one, if there is one left.
    fileprivate func take() -> Bool {
      if left.subtract(1, ordering: .relaxed).oldValue > 0 { return true }
      giveBack()
      return false
    }

    fileprivate func giveBack() { left.add(1, ordering: .relaxed) }
  }

  /// Runs a body on as many threads as there are to be had, this one among them, and returns when all are done.
  ///
  /// - Parameters:
  ///   - count: threads at most.
  ///   - limit: how many may be started.
  ///   - body: gets a number below `count`, another one on each thread, 0 on this one.
  static func run(_ count: Int, sharing limit: Limit, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var threads: [pthread_t] = []
      for index in 1..<max(count, 1) where limit.take() {
        guard let thread = start(Work(index: index, body: body)) else {
          limit.giveBack()
          break
        }
        threads.append(thread)
      }
      body(0)
      for thread in threads {
        pthread_join(thread, nil)
        limit.giveBack()
      }
    }
  }

  /// What a thread is to do.
  private final class Work {
    let index: Int
    let body: (Int) -> Void

    init(index: Int, body: @escaping (Int) -> Void) {
      self.index = index
      self.body = body
    }
  }

  /// Starts a thread; `nil` if the system gives none.
  private static func start(_ work: Work) -> pthread_t? {
    var thread = pthread_t()
    let reference = Unmanaged.passRetained(work)
    let status = pthread_create(&thread, nil, { BriefThreads.main($0) }, reference.toOpaque())
    guard status != 0 else { return thread }
    reference.release()
    return nil
  }

  private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
    work.body(work.index)
    return nil
  }
}
