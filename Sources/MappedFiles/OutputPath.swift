import FusionCore
import Glibc

/// Where an output goes.
///
/// A link is followed: what it leads to is written or replaced, and the link stays. A link that leads nowhere is refused.
struct OutputPath {
  /// The path as given.
  let given: String
  /// The path of the file or folder itself: no link, no dot at its end, no slash behind it.
  let path: String
  /// What is there now.
  let existing: FileIdentity?
  /// Whose it is.
  private let owner: (user: uid_t, group: gid_t)?

  /// The folder that the output lies in.
  var folder: String { Self.folder(of: path) }

  /// Looks at a path.
  ///
  /// - Throws: `.cannotCreate` for an empty path, a link that leads nowhere, a folder that is not there or may not be
  ///   searched.
  init(_ given: String) throws {
    guard !given.isEmpty else { throw OutputName.cannotCreate(given, "an empty name", "name a file or folder") }
    self.given = given
    let plain = Self.withoutDots(given)
    guard let link = SystemCalls.linkStatus(plain) else {
      // A name that no file can have must not be found out after hours of work.
      guard errno == ENOENT else {
        throw OutputName.cannotCreate(given, errno, "choose another name or folder")
      }
      path = plain
      existing = nil
      owner = nil
      return
    }
    // A file gets its name at the end, and an open one would stay what it was.
    guard link.st_mode & S_IFMT != S_IFLNK || SystemCalls.realPath(Self.folder(of: plain))?.hasPrefix("/proc/") != true
    else {
      throw OutputName.cannotCreate(given, "the name of an open file", "name the file itself")
    }
    guard let status = SystemCalls.status(plain) else {
      throw OutputName.cannotCreate(
        given, errno == ENOENT ? "a link that leads nowhere" : FusionError.systemMessage(errno),
        "remove the link, or choose another name")
    }
    existing = FileIdentity(status)
    owner = (status.st_uid, status.st_gid)
    let isLink = link.st_mode & S_IFMT == S_IFLNK
    let isDots = [".", ".."].contains(plain.split(separator: "/").last ?? "")
    // A link into /proc leads to an open file, whose path may be none.
    let isFileOrFolder = status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFDIR
    path = (isLink || isDots) && isFileOrFolder ? SystemCalls.realPath(plain) ?? plain : plain
  }

  /// Gives an open file or folder the permissions of what it replaces, and its owner where that may be done.
  func passOnPermissions(to descriptor: Int32) {
    guard let existing, let owner else { return }
    // Changing the owner clears some permissions, so it comes first.
    if geteuid() == 0 { _ = fchown(descriptor, owner.user, owner.group) }
    _ = fchmod(descriptor, existing.permissions)
  }

  /// The folder of a path.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path without slashes and `/.` at its end.
  private static func withoutDots(_ path: String) -> String {
    var bytes = Array(path.utf8)[...]
    while bytes.count > 1 {
      if bytes.last == UInt8(ascii: "/") {
        bytes.removeLast()
      } else if bytes.count > 2, bytes.suffix(2).elementsEqual("/.".utf8) {
        bytes.removeLast(2)
        if bytes.isEmpty { bytes = Array("/".utf8)[...] }
      } else {
        break
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
