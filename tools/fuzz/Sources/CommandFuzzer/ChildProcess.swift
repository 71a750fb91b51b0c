import Glibc

/// What one process did, and what it took.
struct ChildProcess {
  /// Exit status; `nil` if a signal ended it.
  var status: Int32?
  var signal: Int32 = 0
  /// Why the fuzzer ended it.
  var stopped: String?
  /// User and system time.
  var cpuSeconds = 0.0
  var residentBytes = 0
  var output: [UInt8] = []
  var error: [UInt8] = []

  /// Seconds on the wall after which a process is ended that hardly computes: it waits for something.
  private static let idleLimit = 20.0
  /// Seconds on the wall after which any process is ended, however busy the machine is.
  private static let wallLimit = 180.0
  /// Resident bytes at which a process is ended at once, to spare the machine.
  private static let residentLimit = 2 << 30

  /// Runs a program in a folder, with its standard output and error in files that are read and removed.
  static func run(_ program: String, _ arguments: [String], in folder: String) throws -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let paths = ["\(folder)/.output", "\(folder)/.error"]
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, paths[0], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, paths[1], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // The backtracer would take seconds for each crash.
    var environment = pointers(
      to: ["PATH=/usr/bin:/bin", "HOME=\(folder)", "TMPDIR=\(folder)/tmp", "SWIFT_BACKTRACE=enable=no"])
    // Only this tool of the system sets the folder without a process in between.
    var words = pointers(to: ["env", "-C", folder, program] + arguments)
    defer { for word in words + environment { free(word) } }
    var identifier = pid_t()
    let failure = posix_spawn(&identifier, "/usr/bin/env", &actions, nil, &words, &environment)
    guard failure == 0 else { throw Trouble("cannot start \(program): \(String(cString: strerror(failure)))") }
    var child = ChildProcess()
    try child.wait(for: identifier)
    child.output = try File.read(paths[0])
    child.error = try File.read(paths[1])
    for path in paths { unlink(path) }
    return child
  }

  private mutating func wait(for identifier: pid_t) throws {
    var (state, usage, waited, pause) = (Int32(0), rusage(), 0.0, useconds_t(500))
    while true {
      let ended = wait4(identifier, &state, WNOHANG, &usage)
      if ended == identifier { break }
      guard ended == 0 || errno == EINTR else { throw Trouble("cannot wait for process \(identifier)") }
      usleep(pause)
      waited += Double(pause) / 1e6
      pause = min(pause * 2, 8000)
      guard stopped == nil else { continue }
      if waited > Self.idleLimit, Self.computedSeconds(of: identifier) < 0.05 * waited {
        stopped = "it was still waiting after \(Int(waited)) seconds"
      }
      if waited > Self.wallLimit { stopped = "it was still running after \(Int(waited)) seconds" }
      if Self.residentBytes(of: identifier) > Self.residentLimit { stopped = "it took more than 2 GiB of memory" }
      if stopped != nil { kill(identifier, SIGKILL) }
    }
    // The macros of <sys/wait.h>.
    if state & 0x7F == 0 { status = (state >> 8) & 0xFF } else { signal = state & 0x7F }
    cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    residentBytes = usage.ru_maxrss << 10
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  /// Computing so far, from the numbers behind the name in `/proc`, in hundredths of a second.
  private static func computedSeconds(of identifier: pid_t) -> Double {
    guard let text = try? File.read("/proc/\(identifier)/stat") else { return .infinity }
    let fields = String(decoding: text, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 12 ? ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / 100 : .infinity
  }

  private static func residentBytes(of identifier: pid_t) -> Int {
    guard let text = try? File.read("/proc/\(identifier)/statm") else { return 0 }
    let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) << 12 : 0
  }
}

/// The texts as C has lists of them; the caller frees each.
private func pointers(to texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
