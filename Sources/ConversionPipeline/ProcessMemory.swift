import Glibc

/// What this process has used of the machine.
public enum ProcessMemory {
  /// Greatest resident memory so far, in bytes: mapped file pages in use count, as the system counts them.
  public static var peakResidentByteCount: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }
}
