import FusionCore
import Glibc

/// A staging folder whose process may have ended.
struct AbandonedFolder {
  let path: String
  let parent: String

  /// Ends what the process began: backwards where the old folder is aside, forwards where files were moving into an empty
  /// folder, and otherwise by removing what was never finished. Does nothing while the process works.
  ///
  /// - Returns: what a person should know.
  func settle() -> [String] {
    let lock = entry(.lock)
    let descriptor = SystemCalls.open(lock, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      // Ended before it made its lock, or after it removed it: then there is nothing else in it.
      if errno == ENOENT { _ = SystemCalls.removeFolder(path) }
      return []
    }
    guard FileLock.take(descriptor) == .taken else {
      close(descriptor)
      return []
    }
    let notices = restoreAside() + moveForward()
    // What could not be moved stays, with its lock, for a later run.
    let isEmpty = [entry(.aside), entry(.complete)].allSatisfy {
      SystemCalls.removeFolder($0) == 0 || errno == ENOENT
    }
    if isEmpty {
      StagingFolder.remove(path, lock: descriptor)
    } else {
      close(descriptor)
    }
    return notices
  }

  private func entry(_ entry: StagingFolder.Entry) -> String { "\(path)/\(entry.rawValue)" }

  private func restoreAside() -> [String] {
    guard let names = try? FolderContents.names(in: entry(.aside)) else { return [] }
    // The new folder has its name when it is no longer here; what is aside was to be removed then.
    let isReplaced = SystemCalls.linkStatus(entry(.content)) == nil
    return names.map { name in
      let aside = "\(entry(.aside))/\(name)"
      let final = "\(parent)/\(name)"
      if isReplaced, SystemCalls.linkStatus(final) != nil {
        FolderContents.remove(aside)
        return ""
      }
      for target in [final, "\(final).restored"] where SystemCalls.linkStatus(target) == nil {
        guard SystemCalls.rename(aside, target) == 0 else { continue }
        return "restored \(target.escapedForTerminal), which an interrupted run had left aside"
      }
      return "the folder \(aside.escapedForTerminal) is what was \(final.escapedForTerminal) before a run was"
        + " interrupted; move it where it belongs"
    }.filter { !$0.isEmpty }
  }

  private func moveForward() -> [String] {
    guard let names = try? FolderContents.names(in: entry(.complete)), !names.isEmpty else { return [] }
    let failed = names.filter { FinalName.give("\(entry(.complete))/\($0)", "\(parent)/\($0)") != 0 }
    guard failed.isEmpty else {
      return ["files of an interrupted run wait in \(entry(.complete).escapedForTerminal)"]
    }
    return ["finished \(parent.escapedForTerminal), which an interrupted run had begun to fill"]
  }
}

/// The sweep that every command makes before its work: what earlier runs could not put in order.
public enum LeftoverSweep {
  /// Puts in order what processes that have ended left in the folders that some paths lie in, and in these paths.
  ///
  /// - Returns: what was restored, a sentence each.
  public static func run(near paths: [String]) -> [String] {
    // Whoever names such a file wants it as it is.
    TemporaryName.spare(paths)
    var folders: [String] = []
    for path in paths + ["."] {
      for folder in [OutputPath.folder(of: path), path] where !folders.contains(folder) {
        if let status = SystemCalls.status(folder), status.st_mode & S_IFMT == S_IFDIR { folders.append(folder) }
      }
    }
    return folders.flatMap(TemporaryName.removeAbandoned)
  }
}
