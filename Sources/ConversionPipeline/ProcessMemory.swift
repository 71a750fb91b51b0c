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

  /// Begins a new peak, so that one step of several can be measured.
  public static func resetPeak() {
    // 5 stands for the peak of resident memory (proc(5)); a system without it keeps the old peak.
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// Greatest resident memory since ``resetPeak()``, in bytes; `nil` where the system does not tell.
  public static var peakSinceResetByteCount: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes * 1024
  }
}
