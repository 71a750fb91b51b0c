import Foundation
import Glibc

extension CommandRunner {
  /// Runs the program to its end such that ``Outcome/peakResidentByteCount`` is its own.
  ///
  /// On Linux a spawned process starts with the peak of its parent, which here is a test process of hundreds of
  /// megabytes. So a small process stands in between: `setsid --fork` leaves a child that starts from nothing, and
  /// which this process adopts to learn its cost. The shell that tells the child's number adds a millisecond to the
  /// processor time.
  public static func measure(_ arguments: [String], in folder: String) throws -> Outcome {
    guard adoptsOrphans else { throw POSIXError(.ENOSYS) }
    let scratch = try TemporaryFolder()
    let numberPath = scratch.file("pid")
    let script = "echo $$ > \"$0\"; exec \"$@\""
    let launcher = try start(
      ["setsid", "--fork", "sh", "-c", script, numberPath, program] + arguments, in: folder, environment: [:], scratch)
    var status: Int32 = 0
    while waitpid(launcher, &status, 0) < 0, errno == EINTR {}
    for _ in 0..<50_000 {
      let text = FileManager.default.contents(atPath: numberPath).map { String(decoding: $0, as: UTF8.self) } ?? ""
      if text.hasSuffix("\n"), let process = pid_t(text.dropLast()) { return try finish(process, scratch) }
      usleep(200)
    }
    throw POSIXError(.ESRCH)
  }

  /// Whether children of ended children become this process's own; asked for once.
  private static let adoptsOrphans: Bool = {
    // Swift does not import functions with variable arguments.
    guard let symbol = dlsym(nil, "prctl") else { return false }
    typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    let setChildSubreaper: Int32 = 36
    return unsafeBitCast(symbol, to: Control.self)(setChildSubreaper, 1, 0, 0, 0) == 0
  }()
}
