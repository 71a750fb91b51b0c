internal import CLinux
import FusionCore
import Glibc

/// The system's calls on paths, as bytes, and begun anew where a signal came between.
///
/// As in C, a negative result means that it failed and that `errno` says why.
enum SystemCalls {
  /// Calls until no signal comes between.
  static func uninterrupted<Result: BinaryInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// Opens a file; `path` must not hold a zero.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> Int32 {
    guard isWhole(path) else { return -1 }
    return uninterrupted { path.withPathBytes { Glibc.open($0, flags | O_CLOEXEC, mode) } }
  }

  /// What a path leads to.
  static func status(_ path: String) -> stat? {
    var status = stat()
    guard isWhole(path), uninterrupted({ path.withPathBytes { stat($0, &status) } }) == 0 else { return nil }
    return status
  }

  /// What a path is, a link itself.
  static func linkStatus(_ path: String) -> stat? {
    var status = stat()
    guard isWhole(path), uninterrupted({ path.withPathBytes { lstat($0, &status) } }) == 0 else { return nil }
    return status
  }

  /// What a link leads to, as it is written in it; `nil` if the path is none.
  static func linkTarget(_ path: String) -> String? {
    var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard isWhole(path) else { return nil }
    let count = path.withPathBytes { readlink($0, &characters, characters.count) }
    return count < 0 ? nil : String(pathBytes: characters[..<count].map { UInt8(bitPattern: $0) })
  }

  /// The path without links, dots and double slashes; `nil` if there is nothing.
  static func realPath(_ path: String) -> String? {
    guard isWhole(path), let resolved = path.withPathBytes({ realpath($0, nil) }) else { return nil }
    defer { free(resolved) }
    return String(pathBytes: UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:)))
  }

  /// Gives a file another name; one that is there is replaced.
  static func rename(_ old: String, _ new: String) -> Int32 { both(old, new) { Glibc.rename($0, $1) } }

  /// Gives a file another name, which must be free.
  static func renameToFreeName(_ old: String, _ new: String) -> Int32 {
    both(old, new) { fusion_rename($0, $1, UInt32(FUSION_RENAME_NO_REPLACE)) }
  }

  /// Has two files or folders change names in one step.
  static func exchange(_ one: String, _ other: String) -> Int32 {
    both(one, other) { fusion_rename($0, $1, UInt32(FUSION_RENAME_EXCHANGE)) }
  }

  /// Gives a file a second name, which must be free.
  static func link(_ old: String, _ new: String) -> Int32 { both(old, new) { Glibc.link($0, $1) } }

  /// Gives an open file without a name its first one, which must be free. Needs `/proc`.
  static func linkDescriptor(_ descriptor: Int32, _ name: String) -> Int32 {
    both("/proc/self/fd/\(descriptor)", name) { linkat(AT_FDCWD, $0, AT_FDCWD, $1, AT_SYMLINK_FOLLOW) }
  }

  static func unlink(_ path: String) -> Int32 { one(path) { Glibc.unlink($0) } }

  static func makeFolder(_ path: String) -> Int32 { one(path) { mkdir($0, 0o777) } }

  static func removeFolder(_ path: String) -> Int32 { one(path) { rmdir($0) } }

  static func setMode(_ path: String, _ mode: mode_t) -> Int32 { one(path) { chmod($0, mode) } }

  /// Whether a path is where a file system is mounted.
  static func isMountPoint(_ path: String) -> Bool { one(path) { fusion_is_mount_point($0) } == 1 }

  /// Makes a file's bytes durable.
  static func sync(_ descriptor: Int32) -> Int32 { uninterrupted { fsync(descriptor) } }

  /// Makes a file's bytes durable, and of what is said of it only its size.
  static func syncData(_ descriptor: Int32) -> Int32 { uninterrupted { fdatasync(descriptor) } }

  /// Makes everything durable on the file system that an open file is on.
  static func syncFileSystem(_ descriptor: Int32) -> Int32 { uninterrupted { fusion_sync_file_system(descriptor) } }

  /// Has the disk begin with a range of a file. Advice only.
  static func beginWriting(_ descriptor: Int32, _ range: Range<Int>) {
    _ = fusion_begin_writing(descriptor, Int64(range.lowerBound), Int64(range.count))
  }

  /// Cuts a file, or makes it longer.
  static func truncate(_ descriptor: Int32, to byteCount: Int) -> Int32 {
    uninterrupted { ftruncate(descriptor, off_t(byteCount)) }
  }

  private static func one(_ path: String, _ call: (UnsafePointer<CChar>) -> Int32) -> Int32 {
    guard isWhole(path) else { return -1 }
    return uninterrupted { path.withPathBytes(call) }
  }

  private static func both(
    _ old: String, _ new: String, _ call: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) -> Int32 {
    guard isWhole(old), isWhole(new) else { return -1 }
    return uninterrupted { old.withPathBytes { old in new.withPathBytes { call(old, $0) } } }
  }

  /// Whether the system would see all of a path: it stops at a zero.
  private static func isWhole(_ path: String) -> Bool {
    guard path.utf8.contains(0) else { return true }
    errno = EINVAL
    return false
  }
}
