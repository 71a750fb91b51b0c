import Foundation
import Glibc

/// What this process has used of the machine.
public enum ProcessMemory {
  /// Greatest resident memory so far, in bytes: mapped file pages in use count, as the system counts them.
  public static var peakResidentByteCount: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }

  /// Gives freed memory back to the system and begins a new peak, so that one step of several can be measured.
  ///
  /// - Returns: resident memory now, in bytes; `nil` where the system does not tell.
  public static func beginPeak() -> Int? {
    // The C library keeps what was freed, and has no header for this that Swift sees.
    if let symbol = dlsym(nil, "malloc_trim") {
      let trim = unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)
      _ = trim(0)
    }
    // 5 stands for the peak of resident memory (proc(5)); a system without it keeps the old peak.
    guard let file = fopen("/proc/self/clear_refs", "w") else { return nil }
    fputs("5", file)
    fclose(file)
    return status("VmRSS:")
  }

  /// Greatest resident memory since ``beginPeak()``, in bytes; `nil` where the system does not tell.
  public static var peakSinceBeginning: Int? { status("VmHWM:") }

  /// A line of the process's status, which is in kB.
  private static func status(_ name: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes * 1024
  }
}
