import FusionCore
import Glibc
import MappedFiles

/// The names in a folder, links followed, and what kind of thing each is.
struct FolderListing {
  let path: String
  /// Names of ordinary files, in bytewise order.
  let files: [String]
  let folderCount: Int

  /// - Throws: `.cannotOpen`.
  init(path: String) throws {
    guard let stream = opendir(path) else { throw FusionError.cannotOpen(path, errno: errno) }
    defer { closedir(stream) }
    var files: [String] = []
    var folderCount = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard name != ".", name != "..", let identity = FileIdentity(path: "\(path)/\(name)") else { continue }
      if identity.isRegularFile { files.append(name) }
      if identity.isFolder { folderCount += 1 }
    }
    self.path = path
    self.files = files.sorted(by: SafetensorsName.precedes)
    self.folderCount = folderCount
  }

  /// Which kinds of files there are, for an error: `2 *.bin, 1 *.json, 1 folder`.
  var summary: String {
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
}
