import FusionCore
import Glibc

/// A hidden folder of this process beside an output, with what is not finished yet.
///
/// In it lie a file `lock`, which this process has locked, `content` with what is being made, and for moments, where a
/// file system cannot exchange two folders, `aside/NAME`: the folder that was under the final name before.
final class StagingFolder {
  /// Names inside.
  enum Entry: String, CaseIterable {
    case lock, content, aside
    /// `content` when it is whole and moves into an empty folder file by file.
    case complete
    /// A folder that changes places with `content`, to see whether that can be done.
    case probe

    static var allButLock: [Entry] { allCases.filter { $0 != .lock } }
  }

  let path: String
  /// Where unfinished things go.
  var content: String { entry(.content) }

  private let descriptor: Int32
  private var isRemoved = false

  /// Makes one in a folder.
  ///
  /// - Returns: `nil` with the reason in `errno` if none can be made.
  init?(in parent: String) {
    guard let made = UnfinishedWork.begin(path: \.path, { Self.make(in: parent) }) else { return nil }
    path = made.path
    descriptor = made.descriptor
  }

  private static func make(in parent: String) -> (path: String, descriptor: Int32)? {
    for _ in 0..<TemporaryName.attemptLimit {
      let path = "\(parent)/\(TemporaryName.random())"
      guard SystemCalls.makeFolder(path) == 0 else { return nil }
      let lock = "\(path)/\(Entry.lock.rawValue)"
      let descriptor = SystemCalls.open(lock, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
      let isKept = descriptor >= 0 && TemporaryName.isKept(lock, descriptor)
      if isKept, SystemCalls.makeFolder("\(path)/\(Entry.content.rawValue)") == 0 { return (path, descriptor) }
      // It cannot be written to, or another process took the folder for one that was left behind.
      let number = errno
      let isGone = SystemCalls.linkStatus(path) == nil
      if descriptor >= 0 { close(descriptor) }
      FolderContents.remove(path)
      errno = number
      guard isGone else { return nil }
    }
    errno = EBUSY
    return nil
  }

  deinit { remove() }

  func entry(_ entry: Entry) -> String { "\(path)/\(entry.rawValue)" }

  /// Removes everything; the lock last, so that nobody takes a half of it for the whole. A signal waits for that.
  func remove() {
    guard !isRemoved else { return }
    UnfinishedWork.finishing(path) { end(removing: true) }
  }

  /// The same within ``UnfinishedWork/finishing(_:_:)`` of this folder's path.
  ///
  /// - Parameter removing: otherwise everything stays where it is: what is in it is wanted, and this program cannot put it
  ///   in order.
  func end(removing: Bool) {
    isRemoved = true
    if removing { Self.remove(path, lock: descriptor) } else { close(descriptor) }
  }

  /// Removes a staging folder.
  ///
  /// - Parameter lock: descriptor of its lock, which is closed: some file systems keep the name of an open file in its folder.
  static func remove(_ path: String, lock: Int32? = nil) {
    FolderContents.remove("\(path)/\(Entry.content.rawValue)")
    for entry in Entry.allButLock { _ = SystemCalls.removeFolder("\(path)/\(entry.rawValue)") }
    if let lock { close(lock) }
    // What could not be removed keeps its lock: without one, the next run would not know that nobody works here.
    guard Entry.allButLock.allSatisfy({ SystemCalls.linkStatus("\(path)/\($0.rawValue)") == nil }) else { return }
    _ = SystemCalls.unlink("\(path)/\(Entry.lock.rawValue)")
    _ = SystemCalls.removeFolder(path)
  }
}
