import Glibc

/// A value that several threads share, used by one at a time.
///
/// Like `Mutex` of the Synchronization module, but on a lock of the C library: ThreadSanitizer knows those, and on Linux
/// not the other one, so that it would report everything that is guarded well, and its reports would be worth nothing.
public final class Protected<Value>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  /// Starts with a value that nothing else refers to.
  public init(_ value: sending Value) {
    self.value = value
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    let status = pthread_mutex_init(lock, nil)
    precondition(status == 0, "a lock cannot be made: error \(status)")
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// Calls `body` with the value while no other thread can use it; must not be called from within `body`.
  ///
  /// - Throws: what `body` throws.
  public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&value)
  }
}
