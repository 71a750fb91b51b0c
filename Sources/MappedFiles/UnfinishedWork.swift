import FusionCore
import Glibc

/// What lies on the disk under names of its own while a command works: it is removed when the command is stopped.
public enum UnfinishedWork {
  private struct State {
    var paths: Set<String> = []
    /// What is kept on purpose, and how to go on with it.
    var kept: [String: String] = [:]
    /// Whether the process is about to end.
    var isAbandoned = false
  }

  private static let state = Protected(State())

  /// Makes an unfinished file or folder and takes note of it.
  ///
  /// - Parameter body: makes it and returns its path, or `nil` with the reason in `errno`.
  static func begin<Made>(path: (Made) -> String, _ body: () -> Made?) -> Made? {
    withLock { state in
      guard let made = body() else { return nil }
      state.paths.insert(path(made))
      return made
    }
  }

  /// Forgets a file or folder that is finished or gone.
  static func remove(_ path: String) { state.withLock { _ = $0.paths.remove(path) } }

  /// Says what a person finds, and how to go on, if the command is stopped from now on.
  ///
  /// - Parameters:
  ///   - path: the file that is kept.
  ///   - sentence: `nil` when it is finished or gone.
  public static func keep(_ path: String, _ sentence: String?) { state.withLock { $0.kept[path] = sentence } }

  /// Does something that a signal must not divide, such as giving two files their names. The unfinished `path` counts as
  /// finished if `body` returns.
  static func finishing<Result>(_ path: String?, _ body: () throws -> Result) rethrows -> Result {
    try withLock { state in
      let result = try body()
      if let path { state.paths.remove(path) }
      return result
    }
  }

  /// Waits for the end of the process if it is about to end, so that nothing is said or done beside that.
  public static func waitIfAbandoned() { withLock { _ in } }

  private static func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try state.withLock { state in
      while state.isAbandoned { pause() }
      return try body(&state)
    }
  }

  /// Removes everything that is unfinished and never lets anything more be finished; the process is about to end.
  ///
  /// - Returns: what is kept, in the order of the files' names.
  static func abandon() -> [String] {
    state.withLock { state in
      state.isAbandoned = true
      for path in state.paths { remove(everythingAt: path) }
      return state.kept.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// Other threads may still be making files in a folder; without it they cannot go on.
  private static func remove(everythingAt path: String) {
    for _ in 0..<100 {
      if SystemCalls.unlink(path) != 0 { StagingFolder.remove(path) }
      if SystemCalls.linkStatus(path) == nil { return }
      usleep(1000)
    }
  }
}
