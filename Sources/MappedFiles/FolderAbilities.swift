import FusionCore
import Glibc

/// What the file system of a folder can do, found out before the work that relies on it.
struct FolderAbilities {
  /// Whether a file can be written without a name and get one at the end, so that even a killed process leaves nothing.
  let linksUnnamedFiles: Bool

  private static let known = Protected<[UInt: FolderAbilities]>([:])
  /// `O_TMPFILE`, whose macro Swift does not import.
  static let unnamedFlag: Int32 = 0o20000000 | O_DIRECTORY

  /// Tries it in a folder, once for each file system.
  static func of(_ folder: String) -> FolderAbilities {
    guard let status = SystemCalls.status(folder) else { return FolderAbilities(linksUnnamedFiles: false) }
    let device = UInt(status.st_dev)
    if let abilities = known.withLock({ $0[device] }) { return abilities }
    let abilities = FolderAbilities(linksUnnamedFiles: canLinkUnnamedFile(in: folder))
    known.withLock { $0[device] = abilities }
    return abilities
  }

  /// Needs a file system that has both, and `/proc`.
  private static func canLinkUnnamedFile(in folder: String) -> Bool {
    let descriptor = SystemCalls.open(folder, unnamedFlag | O_RDWR)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let name = "\(folder)/\(TemporaryName.random())"
    return UnfinishedWork.finishing(nil) {
      let isLinked = FileLock.take(descriptor) != .elsewhere && SystemCalls.linkDescriptor(descriptor, name) == 0
      _ = SystemCalls.unlink(name)
      return isLinked
    }
  }

  /// Whether two folders can be exchanged in one step, tried on two in a staging folder.
  static func canExchange(in staging: StagingFolder) -> Bool {
    let probe = staging.entry(.probe)
    guard SystemCalls.makeFolder(probe) == 0 else { return false }
    defer { _ = SystemCalls.removeFolder(probe) }
    return SystemCalls.exchange(probe, staging.content) == 0
  }
}
