import FusionCore

/// Counts layers as they are read, by any thread, and tells a handler from one thread at a time.
public final class LoadProgress: Sendable {
  private let total: Int
  private let done = Protected(0)
  private let handler: @Sendable (_ done: Int, _ total: Int) -> Void

  /// - Parameter total: layers that will be read.
  init(total: Int, handler: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    self.total = total
    self.handler = handler
  }

  func advance() {
    done.withLock { done in
      done += 1
      handler(done, total)
    }
  }
}
