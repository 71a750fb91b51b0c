/// Borrowed bytes of the streams of some rows.
public enum StreamBytes {
  /// Lends several runs of bytes at once.
  public static func withBytes<Run: ContiguousBytesRun, Result>(
    of runs: [Run], _ body: ([UnsafeRawBufferPointer]) throws -> Result
  ) rethrows -> Result {
    func lend(_ index: Int, _ lent: [UnsafeRawBufferPointer]) throws -> Result {
      guard index < runs.count else { return try body(lent) }
      return try runs[index].withUnsafeBytes { try lend(index + 1, lent + [$0]) }
    }
    return try lend(0, [])
  }
}

/// Something that lends its bytes in one piece.
public protocol ContiguousBytesRun {
  /// Lends the bytes for the length of the call.
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension [UInt8]: ContiguousBytesRun {}
extension ArraySlice<UInt8>: ContiguousBytesRun {}
