import FusionCore
import Glibc

/// Where an output and an input are to each other, whatever they are called: links and other names of a file are seen
/// through.
public struct OutputPlace {
  private let target: OutputPath
  /// The ordinary files in the folder that the output is, and in the folders of that.
  private let files: Set<FileIdentity.FileNumber>

  /// Looks at the path of an output.
  ///
  /// - Throws: `.cannotCreate` for an empty path, a link that leads nowhere, a folder that may not be searched.
  public init(_ path: String) throws {
    target = try OutputPath(path)
    files = target.existing?.isFolder == true ? Self.files(in: target.path, depth: 2) : []
  }

  /// Whether there is something already.
  public var isThere: Bool { target.existing != nil }

  /// Whether this is the same file or folder as another path names.
  ///
  /// - Throws: `.cannotOpen`.
  public func isSame(as path: String) throws -> Bool {
    guard let existing = target.existing, let other = try FileIdentity(path: path) else { return false }
    return existing.isSameFile(as: other)
  }

  /// Whether both would be one file or folder, one that is not there yet included.
  public func isSame(as other: OutputPlace) -> Bool {
    if let own = target.existing, let its = other.target.existing { return own.isSameFile(as: its) }
    guard target.existing == nil, other.target.existing == nil, name.utf8.elementsEqual(other.name.utf8),
      let own = SystemCalls.status(target.folder), let its = SystemCalls.status(other.target.folder)
    else { return false }
    return FileIdentity(own).isSameFile(as: FileIdentity(its))
  }

  /// Whether the output is what a descriptor of this process was opened on, such as a file that standard output goes to.
  public func isSame(asDescriptor descriptor: Int32) -> Bool {
    guard let existing = target.existing, let other = FileIdentity(descriptor: descriptor) else { return false }
    return other.isRegularFile && existing.isSameFile(as: other)
  }

  /// Whether the output is or will be in a folder, at any depth, or is that folder.
  public func isInside(_ folder: String) -> Bool {
    guard let status = SystemCalls.status(folder) else { return false }
    let identity = FileIdentity(status)
    if let existing = target.existing, existing.isSameFile(as: identity) { return true }
    return Self.ancestors(of: target.folder).contains { $0.isSameFile(as: identity) }
  }

  /// Whether a file or folder is in the folder that the output is, at any depth, its links followed or not; also under
  /// another name: a mount may show one file in two places.
  public func contains(_ path: String) -> Bool {
    guard let existing = target.existing, existing.isFolder else { return false }
    if let status = SystemCalls.status(path), files.contains(FileIdentity(status).fileNumber) { return true }
    let real = SystemCalls.realPath(path) ?? path
    return [path, real].contains { path in
      Self.ancestors(of: OutputPath.folder(of: path)).contains { $0.isSameFile(as: existing) }
    }
  }

  private var name: Substring { target.path.split(separator: "/").last ?? "" }

  /// What cannot be listed holds nothing that this program replaces.
  private static func files(in folder: String, depth: Int) -> Set<FileIdentity.FileNumber> {
    var found: Set<FileIdentity.FileNumber> = []
    for name in (try? FolderContents.names(in: folder)) ?? [] {
      guard let status = SystemCalls.linkStatus("\(folder)/\(name)") else { continue }
      let identity = FileIdentity(status)
      if identity.isRegularFile { found.insert(identity.fileNumber) }
      if identity.isFolder, depth > 1 { found.formUnion(files(in: "\(folder)/\(name)", depth: depth - 1)) }
    }
    return found
  }

  /// A folder and all those that it lies in.
  private static func ancestors(of folder: String) -> [FileIdentity] {
    guard var path = SystemCalls.realPath(folder) else { return [] }
    var found: [FileIdentity] = []
    while let status = SystemCalls.status(path) {
      found.append(FileIdentity(status))
      guard path != "/" else { break }
      path = OutputPath.folder(of: path)
    }
    return found
  }
}
