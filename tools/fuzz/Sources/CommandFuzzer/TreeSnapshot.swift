import Glibc

/// What the entries of a folder look like from outside: enough to tell that one was changed, added or taken away.
struct TreeSnapshot: Equatable {
  private struct Entry: Equatable {
    let mode: mode_t
    let inode: UInt
    let byteCount: Int
    let seconds: Int
    let nanoseconds: Int
  }

  private var entries: [String: Entry] = [:]

  init(of path: String) { add(path, "") }

  private mutating func add(_ path: String, _ name: String) {
    guard let status = File.status(path) else { return }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    entries[name] = Entry(
      mode: status.st_mode, inode: isFolder ? 0 : UInt(status.st_ino), byteCount: isFolder ? 0 : Int(status.st_size),
      seconds: isFolder ? 0 : status.st_mtim.tv_sec, nanoseconds: isFolder ? 0 : status.st_mtim.tv_nsec)
    guard isFolder else { return }
    for child in File.names(in: path) { add("\(path)/\(child)", name.isEmpty ? child : "\(name)/\(child)") }
  }

  /// Names of the entries that differ, sorted.
  func differences(from other: TreeSnapshot) -> [String] {
    Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
  }
}
