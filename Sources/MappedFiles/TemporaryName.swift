import FusionCore
import Glibc

/// Hidden names of unfinished outputs, and the removal of those whose process is gone.
///
/// Whoever makes such a file or folder holds a ``FileLock`` on it, so another process, in whatever container or on
/// whatever machine it runs, tells those at work from those that were left behind. A process identifier would not tell.
enum TemporaryName {
  private static let prefix = ".fusion-"
  private static let suffix = ".partial"
  private static let digitCount = 16
  /// How often another process may get in between before something else must be wrong.
  static let attemptLimit = 8

  /// A name that no file has yet; short, since the final one may be as long as the file system allows.
  static func random() -> String { prefix + digits() + suffix }

  /// Digits that make a name one that nobody has.
  static func digits() -> String {
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: digitCount - digits.count) + digits
  }

  /// Whether this program gave a name.
  static func isOurs(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    return digits.utf8.count == digitCount && digits.allSatisfy { "0123456789abcdef".contains($0) }
  }

  /// Makes a file that this process has locked.
  ///
  /// - Returns: `nil` with the reason in `errno` if none can be made.
  static func makeFile(in folder: String) -> (path: String, descriptor: Int32)? {
    UnfinishedWork.begin(path: \.path) { make(in: folder) }
  }

  private static func make(in folder: String) -> (path: String, descriptor: Int32)? {
    for _ in 0..<attemptLimit {
      let path = "\(folder)/\(random())"
      let descriptor = SystemCalls.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
      guard descriptor >= 0 else { return nil }
      if isKept(path, descriptor) { return (path, descriptor) }
      close(descriptor)
      // It is nobody's now, whether another process has taken the name away or the system would not say.
      _ = SystemCalls.unlink(path)
    }
    errno = EBUSY
    return nil
  }

  /// Locks a file that was just made and tells whether it still has its name: between making and locking, another
  /// process may have taken it for one that was left behind.
  static func isKept(_ path: String, _ descriptor: Int32) -> Bool {
    guard FileLock.take(descriptor) != .elsewhere, let own = FileIdentity(descriptor: descriptor) else { return false }
    return SystemCalls.linkStatus(path).map { FileIdentity($0).isSameFile(as: own) } ?? false
  }

  private static let spared = Protected<[String]>([])

  /// Keeps leftovers that a command was told to read, or that hold what it was told to read.
  static func spare(_ paths: [String]) {
    let real = paths.flatMap { path in
      // An option may have its value behind a sign.
      [path] + (path.firstIndex(of: "=").map { [String(path[path.index(after: $0)...])] } ?? [])
    }.compactMap(SystemCalls.realPath)
    spared.withLock { $0 += real }
  }

  private static func isSpared(_ path: String) -> Bool {
    guard let real = SystemCalls.realPath(path) else { return false }
    return spared.withLock { $0.contains { $0 == real || $0.hasPrefix(real + "/") } }
  }

  /// Removes what processes that have ended left in a folder, and restores a folder that one had left aside.
  ///
  /// - Returns: what was restored or needs a person, a sentence each.
  static func removeAbandoned(in folder: String) -> [String] {
    // What cannot be listed or locked stays as it is.
    let names = ((try? FolderContents.names(in: folder)) ?? []).filter(isOurs)
    return names.flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      guard let status = SystemCalls.linkStatus(path), !isSpared(path) else { return [] }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: return AbandonedFolder(path: path, parent: folder).settle()
      case S_IFREG:
        removeFile(path)
        return []
      default: return []
      }
    }
  }

  private static func removeFile(_ path: String) {
    let descriptor = SystemCalls.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard FileLock.take(descriptor) == .taken else { return }
    _ = SystemCalls.unlink(path)
  }
}
