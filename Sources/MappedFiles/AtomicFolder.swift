import FusionCore
import Glibc

/// A folder that gets its name only when everything in it is complete.
///
/// Files go to a hidden folder beside it, which ``commit()`` gives the name. A folder that is replaced changes places with
/// the new one in one step and is removed after that; where the file system cannot do this, it is put aside first, and the
/// next run of any command puts it back if this one was interrupted in between. Only files that the command writes itself
/// are ever removed. If the object goes away before the end, or the program is stopped, nothing stays.
public final class AtomicFolder {
  /// Where the folder will be, as given.
  public let path: String
  /// What a person should know after ``commit()``.
  public private(set) var notices: [String] = []

  private let target: OutputPath
  private let ours: FolderFiles
  private let replacing: Bool
  private let staging: StagingFolder
  private let way: Way

  /// How the folder gets its name.
  private enum Way {
    /// The name is free, or that of an empty folder, which a renamed one replaces.
    case rename
    /// Old and new change places.
    case exchange
    /// The old one is put aside first.
    case setAside
    /// The folder is there and empty and cannot be replaced: a mount point, or in a folder that may not be written to.
    case fill
  }

  /// Starts an output folder.
  ///
  /// - Parameters:
  ///   - path: the final name; its parent folder must exist. An empty folder of that name is always accepted.
  ///   - replacing: whether a folder of that name may be replaced, if all that is in it are `files`.
  ///   - files: what the command writes.
  /// - Throws: `.outputExists`, `.outputHoldsOthers`, `.cannotCreate`, `.readFailed`.
  public init(path: String, replacing: Bool, files: FolderFiles) throws {
    self.path = path
    self.replacing = replacing
    ours = files
    target = try OutputPath(path)
    let parent = target.folder
    notices = ([parent] + (target.existing == nil ? [] : [target.path])).flatMap(TemporaryName.removeAbandoned)
    let isEmpty = try Self.checkExisting(target, replacing: replacing, files)
    let isMountPoint = target.existing != nil && SystemCalls.isMountPoint(target.path)
    guard !isMountPoint || isEmpty else {
      throw OutputName.cannotCreate(
        path, "a place where a file system is mounted, with files", "empty it, or name a folder inside of it")
    }
    let beside = isMountPoint ? nil : StagingFolder(in: parent)
    if let beside {
      staging = beside
      way = isEmpty ? .rename : FolderAbilities.canExchange(in: beside) ? .exchange : .setAside
    } else {
      let number = errno
      guard target.existing != nil, isEmpty, let inside = StagingFolder(in: target.path) else {
        throw OutputName.cannotCreate(
          path, number, "check that \(parent.escapedForTerminal) exists and that you may write there",
          expected: "a place where a folder can be made")
      }
      staging = inside
      way = .fill
    }
    let content = SystemCalls.open(staging.content, O_RDONLY | O_DIRECTORY)
    if content >= 0 {
      target.passOnPermissions(to: content)
      close(content)
    }
  }

  /// Path of a file inside, to be written before ``commit()``.
  public func file(_ name: String) -> String { "\(staging.content)/\(name)" }

  /// Writes a whole file inside.
  ///
  /// - Throws: `.cannotCreate`, `.writeFailed`, `.noSpace`.
  public func write(_ bytes: [UInt8], named name: String) throws {
    let output = try AtomicFile(path: file(name), replacing: false)
    try output.append(bytes)
    try output.commit()
  }

  /// Gives the folder its name.
  ///
  /// - Throws: `.outputExists`, `.outputHoldsOthers`, `.cannotCreate`, `.writeFailed`; then the name has what it had.
  public func commit() throws {
    try removeTemporaryNames()
    try FinalName.sync(folder: staging.content, for: path)
    // What is there may have changed during hours of work.
    let now = try OutputPath(path)
    let isEmpty = try Self.checkExisting(now, replacing: replacing, ours)
    let isStandingHere = now.existing != nil && Self.isCurrentFolder(target.path)
    try UnfinishedWork.finishing(staging.path) {
      staging.end(removing: removeOld(try giveName(isEmpty: isEmpty)))
    }
    if isStandingHere, way != .fill {
      notices.append("the current folder was replaced by a new one of its name; enter it again: cd .")
    }
  }

  /// - Returns: where the folder is that was there before, if there was one.
  private func giveName(isEmpty: Bool) throws -> String {
    switch way {
    case .fill: try fill()
    case .exchange where !isEmpty: try exchange()
    case .rename, .setAside, .exchange: if isEmpty { try rename() } else { return try setAside() }
    }
    return staging.content
  }

  /// What had a name for a while and could not be removed then does not become a part of the folder.
  private func removeTemporaryNames() throws {
    for name in try FolderContents.names(in: staging.content) where TemporaryName.isOurs(name) {
      try require(SystemCalls.unlink("\(staging.content)/\(name)"))
    }
  }

  /// Removes the folder that was replaced, unless somebody has put something into it meanwhile.
  ///
  /// - Returns: whether nothing of it is left in the staging folder.
  private func removeOld(_ old: String) -> Bool {
    guard SystemCalls.linkStatus(old) != nil, !ours.remove(old) else { return true }
    // What could not be removed and is nobody else's goes with the staging folder, now or with the next run.
    if let strangers = try? ours.strangers(in: old), strangers.isEmpty { return true }
    let kept = "\(target.path).before-\(TemporaryName.digits())"
    let isMoved = FinalName.give(old, kept) == 0
    notices.append("what others put into the folder meanwhile is kept in \(isMoved ? kept : old)")
    return isMoved
  }

  private func rename() throws {
    let wasThere = SystemCalls.linkStatus(target.path) != nil
    try require(SystemCalls.rename(staging.content, target.path))
    try confirm {
      _ = SystemCalls.rename(target.path, staging.content)
      if wasThere { _ = SystemCalls.makeFolder(target.path) }
    }
  }

  private func exchange() throws {
    try require(SystemCalls.exchange(staging.content, target.path))
    try confirm { _ = SystemCalls.exchange(staging.content, target.path) }
  }

  /// - Returns: where the old folder is.
  private func setAside() throws -> String {
    let name = target.path.split(separator: "/").last.map(String.init) ?? ""
    let folder = staging.entry(.aside)
    try require(SystemCalls.makeFolder(folder))
    let aside = "\(folder)/\(name)"
    try require(SystemCalls.rename(target.path, aside))
    guard SystemCalls.rename(staging.content, target.path) == 0 else {
      let number = errno
      if SystemCalls.rename(aside, target.path) != 0 {
        staging.end(removing: false)
        throw FusionError(
          .cannotCreate, "neither the new nor the old folder could get its name", file: path, expected: "a free name",
          found: FusionError.systemMessage(number),
          remedy: "the old folder is \(aside.escapedForTerminal); run any command there to restore it, or move it back")
      }
      errno = number
      try require(-1)
      return aside
    }
    try confirm {
      _ = SystemCalls.rename(target.path, staging.content)
      _ = SystemCalls.rename(aside, target.path)
    }
    return aside
  }

  private func fill() throws {
    let complete = staging.entry(.complete)
    try require(SystemCalls.rename(staging.content, complete))
    var moved: [String] = []
    do {
      for name in try FolderContents.names(in: complete) {
        try require(FinalName.give("\(complete)/\(name)", "\(target.path)/\(name)"))
        moved.append(name)
      }
      try FinalName.sync(folder: target.path, for: path)
    } catch {
      for name in moved { _ = SystemCalls.rename("\(target.path)/\(name)", "\(complete)/\(name)") }
      _ = SystemCalls.rename(complete, staging.content)
      throw error
    }
  }

  /// Makes the name durable, or takes everything back.
  private func confirm(orElse undo: () -> Void) throws {
    do {
      try FinalName.syncFolder(of: target.path)
    } catch {
      undo()
      throw error
    }
  }

  private func require(_ status: Int32) throws {
    guard status != 0 else { return }
    throw OutputName.cannotCreate(
      path, errno, "choose another name", summary: "cannot give the output its name", expected: "a name that is free")
  }

  /// Refuses what may not be replaced.
  ///
  /// - Returns: whether nothing is there that would be removed.
  private static func checkExisting(_ target: OutputPath, replacing: Bool, _ files: FolderFiles) throws -> Bool {
    guard let existing = target.existing else { return true }
    guard existing.isFolder else {
      throw FusionError(
        .outputExists, "the output exists already", file: target.given, expected: "a folder, or a name that is free",
        found: "a file", remedy: "choose another name")
    }
    let names = try FolderContents.names(in: target.path).filter { !TemporaryName.isOurs($0) }
    guard !names.isEmpty else { return true }
    guard replacing else {
      throw FusionError(
        .outputExists, "the output folder exists and is not empty", file: target.given,
        expected: "a name that is free", found: "a folder with files",
        remedy: "add --force to replace what this command wrote there, or choose another name")
    }
    let strangers = try files.strangers(in: target.path)
    guard strangers.isEmpty else {
      let shown = strangers.prefix(3).map(\.escapedForTerminal).joined(separator: ", ")
      throw FusionError(
        .outputHoldsOthers, "the output folder holds files that this command does not write", file: target.given,
        expected: "nothing, or only what this command writes",
        found: shown + (strangers.count > 3 ? " and \(strangers.count - 3) more" : ""),
        remedy: "move them out of the folder, or choose another name for the output")
    }
    return false
  }

  private static func isCurrentFolder(_ path: String) -> Bool {
    guard let current = SystemCalls.status("."), let status = SystemCalls.status(path) else { return false }
    return FileIdentity(current).isSameFile(as: FileIdentity(status))
  }
}

extension FusionError.Code {
  /// A folder that is to be replaced holds something that would be lost.
  public static let outputHoldsOthers = Self("file.outputHoldsOthers", .cannotCreate)
}
