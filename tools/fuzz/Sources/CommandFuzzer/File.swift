import Glibc

/// Something that keeps the fuzzer itself from working.
struct Trouble: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Whole files and trees of them.
enum File {
  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Trouble("cannot open \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Makes a new file; one of that name goes away first, since it may be another name of a file of the base.
  static func write(_ bytes: [UInt8], to path: String) throws {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Trouble("cannot make \(path)") }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
      guard count > 0 else { throw Trouble("cannot write \(path)") }
      done += count
    }
  }

  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  static func makeFolder(_ path: String) throws {
    var parent = ""
    for name in path.split(separator: "/", omittingEmptySubsequences: false) {
      parent += name.isEmpty && parent.isEmpty ? "/" : "\(name)/"
      guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw Trouble("cannot make the folder \(parent)") }
    }
  }

  /// Names in a folder, sorted; none if it is no folder.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = Glibc.readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  static func isFolder(_ path: String) -> Bool { status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

  static func isRegular(_ path: String) -> Bool { status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false }

  /// The regular files of a tree, by their paths in it; the empty path for a file itself.
  static func files(in path: String, below prefix: String = "") -> [String] {
    if isRegular(path) { return [prefix] }
    return names(in: path).flatMap { files(in: "\(path)/\($0)", below: prefix.isEmpty ? $0 : "\(prefix)/\($0)") }
  }

  /// Gives a file or all files of a folder another name, without copying; copies where that is not possible.
  static func link(_ source: String, to target: String) throws {
    guard isFolder(source) else {
      if Glibc.link(source, target) != 0 { try write(try read(source), to: target) }
      return
    }
    try makeFolder(target)
    for name in names(in: source) { try link("\(source)/\(name)", to: "\(target)/\(name)") }
  }

  /// Copies a file, link or pipe, or a folder with all in it.
  static func copy(_ source: String, to target: String) throws {
    switch (status(source)?.st_mode ?? 0) & S_IFMT {
    case S_IFREG: return try write(try read(source), to: target)
    case S_IFIFO: mkfifo(target, 0o644)
    case S_IFLNK:
      var name = [CChar](repeating: 0, count: 4097)
      if readlink(source, &name, 4096) > 0 { symlink(name, target) }
    default: try makeFolder(target)
    }
    for name in names(in: source) where isFolder(source) { try copy("\(source)/\(name)", to: "\(target)/\(name)") }
  }

  static func remove(_ path: String) {
    if isFolder(path) {
      for name in names(in: path) { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
