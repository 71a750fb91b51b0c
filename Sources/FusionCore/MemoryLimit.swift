import Glibc

/// What a process may have of memory, where someone set a limit (`ulimit -v`, `ulimit -d`).
public enum MemoryLimit {
  /// Bytes that the process may have in all; `nil` if there is no limit.
  public static var byteCount: Int? {
    let limits = [RLIMIT_AS, RLIMIT_DATA].compactMap { resource in
      var limit = rlimit()
      guard getrlimit(Int32(resource.rawValue), &limit) == 0 else { return Int?.none }
      // No limit is the greatest number, which does not fit.
      return Int(exactly: limit.rlim_cur)
    }
    return limits.min()
  }

  /// Bytes of the limit that are left; `nil` if there is no limit.
  public static var room: Int? { byteCount.map { max(0, $0 - addressSpaceByteCount) } }

  /// Whether so much more could be had now.
  public static func hasRoom(byteCount: Int) -> Bool {
    let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory, memory != MAP_FAILED else { return false }
    munmap(memory, byteCount)
    return true
  }

  /// What to tell a user where the limit is too low.
  ///
  /// - Parameter needed: bytes for the next step.
  public static func error(needed: Int) -> FusionError {
    FusionError(
      .tooLittleMemory, "this process may not have enough memory", expected: "room for \(needed >> 20) MiB more",
      found: byteCount.map { "a limit of \($0 >> 20) MiB, of which \((room ?? 0) >> 20) MiB are left" }
        ?? FusionError.systemMessage(ENOMEM),
      remedy: "raise the limits of this process (ulimit -v, ulimit -d), or use fewer --threads")
  }

  /// Bytes of all mappings of this process; 0 if the system does not say.
  private static var addressSpaceByteCount: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    let count = fread(&buffer, 1, buffer.count, file)
    let digits = buffer.prefix(count).prefix { $0 >= 48 && $0 <= 57 }
    return digits.reduce(0) { $0 &* 10 &+ (Int($1) - 48) } &* Int(getpagesize())
  }
}

extension FusionError.Code {
  /// A limit on the memory of the process that is too low for what is to be done.
  public static let tooLittleMemory = Self("system.tooLittleMemory", .inputOutput)
}
