import Glibc

/// Says that somebody works: a lock on an open file, which the system takes away when its process ends, however it ends.
enum FileLock {
  /// What became of trying.
  enum Outcome: Equatable {
    case taken
    /// Another process has it.
    case elsewhere
    /// This file system has no locks; the number says why.
    case unsupported(Int32)
  }

  /// Tries to take the lock of an open file.
  static func take(_ descriptor: Int32) -> Outcome {
    if SystemCalls.uninterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return .taken }
    return errno == EWOULDBLOCK ? .elsewhere : .unsupported(errno)
  }
}
