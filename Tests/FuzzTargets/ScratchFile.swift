import Glibc

/// Files in memory, for readers and writers that want a path.
enum ScratchFile {
  /// A folder of this process in memory, made on first use and left empty.
  private static let folder: String = {
    let path = "/dev/shm/fusion-fuzz-\(getpid())"
    precondition(mkdir(path, 0o700) == 0 || errno == EEXIST, "cannot make \(path)")
    atexit { rmdir("/dev/shm/fusion-fuzz-\(getpid())") }
    return path
  }()

  /// Path of a name that the caller removes again; each thread has its own names.
  static func path(_ name: String) -> String { "\(folder)/\(pthread_self())-\(name)" }

  /// Calls `body` with the path of a file of the given content, which is gone afterwards.
  static func with<Result>(_ contents: [UInt8], _ name: String, _ body: (String) throws -> Result) throws -> Result {
    let path = path(name)
    defer { unlink(path) }
    try write(contents, to: path)
    return try body(path)
  }

  /// Calls `body` with the path of a folder of files in folders of their own, which are gone afterwards.
  static func withFolder<Result>(
    _ files: [(name: String, contents: [UInt8])], _ name: String, _ body: (String) throws -> Result
  ) throws -> Result {
    let root = path(name)
    var made: [String] = []
    defer {
      for path in made.reversed() { remove(path) }
    }
    func make(_ folder: String) throws {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw FuzzFinding("cannot make \(folder)") }
      made.append(folder)
    }
    try make(root)
    for file in files {
      let parts = file.name.split(separator: "/").dropLast()
      for count in parts.indices { try make("\(root)/\(parts[...count].joined(separator: "/"))") }
      made.append("\(root)/\(file.name)")
      try write(file.contents, to: "\(root)/\(file.name)")
    }
    return try body(root)
  }

  private static func write(_ contents: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw FuzzFinding("cannot make \(path)") }
    defer { close(descriptor) }
    let count = contents.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count == contents.count else { throw FuzzFinding("cannot write \(path)") }
  }

  /// The bytes of a file.
  static func contents(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw FuzzFinding("cannot open \(path)") }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      guard size == 0 || pread(descriptor, buffer.baseAddress, size, 0) == size else {
        throw FuzzFinding("cannot read \(path)")
      }
      count = size
    }
  }
}
