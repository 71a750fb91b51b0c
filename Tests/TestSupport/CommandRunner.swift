import Foundation
import Glibc

/// Runs the built program as a user would, and tells what it printed and what it cost.
public struct CommandRunner {
  /// What one run gave.
  public struct Outcome {
    /// Exit status; 128 plus the signal if it was killed.
    public let status: Int32
    /// Standard output.
    public let output: String
    /// Standard error.
    public let error: String
    /// Greatest resident memory in bytes; at least that of this process, unless ``CommandRunner/measure(_:in:)`` ran it.
    public let peakResidentByteCount: Int
    /// Processor time, user and system, in seconds: unlike the time on the clock it does not depend on other work.
    public let processorSeconds: Double
  }

  /// Path of the program, which the package manager puts beside the test bundle.
  public static let program: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    let candidates = [bundle] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent().path }
    return candidates.map { "\($0)/fusion-convert" }.first { FileManager.default.isExecutableFile(atPath: $0) }
      ?? "fusion-convert-not-built"
  }()

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: after the program's name.
  ///   - folder: working folder.
  ///   - environment: added to this process's own.
  ///   - killAfter: seconds after which it is sent a signal, if it still runs.
  ///   - signal: which one.
  public static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:], killAfter: Double? = nil,
    signal: Int32 = SIGKILL
  ) throws -> Outcome {
    try spawn([program] + arguments, in: folder, environment: environment, killAfter: killAfter, signal: signal)
  }

  /// Runs any program to its end.
  public static func spawn(
    _ words: [String], in folder: String, environment: [String: String] = [:], killAfter: Double? = nil,
    signal: Int32 = SIGKILL
  ) throws -> Outcome {
    let scratch = try TemporaryFolder()
    let process = try start(words, in: folder, environment: environment, scratch)
    if let killAfter {
      usleep(useconds_t(killAfter * 1e6))
      kill(process, signal)
    }
    return try finish(process, scratch)
  }

  /// Starts a program that prints to files of a scratch folder.
  static func start(
    _ words: [String], in folder: String, environment: [String: String], _ scratch: TemporaryFolder
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, scratch.file("out"), O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, scratch.file("err"), O_WRONLY | O_CREAT, 0o600)
    let variables = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    // `env` takes back what signals were set to, changes the folder and then becomes the program itself, so that costs and signals are the program's.
    var argv: [UnsafeMutablePointer<CChar>?] =
      (["env", "--default-signal", "-C", folder] + words).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, "env", &actions, nil, &argv, &envp)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
    return process
  }

  /// Waits for the end of a child that was started.
  static func finish(_ process: pid_t, _ scratch: TemporaryFolder) throws -> Outcome {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECHILD) }
    }
    let signalNumber = status & 0x7F
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    func text(_ name: String) -> String {
      String(decoding: FileManager.default.contents(atPath: scratch.file(name)) ?? Data(), as: UTF8.self)
    }
    return Outcome(
      status: signalNumber == 0 ? (status >> 8) & 0xFF : 128 + signalNumber, output: text("out"), error: text("err"),
      peakResidentByteCount: Int(usage.ru_maxrss) * 1024,
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }
}
