import FusionCore

/// The names in a folder that may be a checkpoint.
public struct FolderListing: Sendable {
  /// The folder's path, without slashes at its end.
  public let path: String
  /// Names of ordinary files, in bytewise order.
  public let files: [String]
  /// How many folders are in it.
  public let folderCount: Int

  /// Collects what is in a folder.
  public init(path: String, files: [String], folderCount: Int) {
    self.path = FolderListing.withoutTrailingSlashes(path)
    self.files = files.sorted(by: TensorName.precedes)
    self.folderCount = folderCount
  }

  /// Which kinds of files there are, for an error: `2 *.bin, 1 *.json, 1 folder`.
  public var summary: String {
    var counts: [String: Int] = [:]
    for name in files {
      let dot = name.lastIndex(of: ".")
      let kind = dot.map { $0 == name.startIndex ? "hidden files" : "*" + name[$0...] } ?? "files without an ending"
      counts[kind, default: 0] += 1
    }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var parts = sorted.prefix(8).map { "\($0.value) \($0.key)" }
    if sorted.count > 8 { parts.append("other kinds") }
    if folderCount > 0 { parts.append(folderCount == 1 ? "1 folder" : "\(folderCount) folders") }
    return parts.isEmpty ? "an empty folder" : parts.joined(separator: ", ")
  }

  /// What follows the last slash of a path.
  public static func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// What comes before the last slash of a path: the folder that the file is in.
  public static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A folder's path to which a slash and a name can be added.
  private static func withoutTrailingSlashes(_ path: String) -> String {
    var result = path[...]
    while result.count > 1, result.last == "/" { result.removeLast() }
    return String(result)
  }
}
