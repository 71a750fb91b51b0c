/// Borrowed bytes of the streams of some rows.
public enum StreamBytes {
  /// Lends up to three runs of bytes at once.
  ///
  /// - Precondition: there are one to three runs.
  public static func withBytes<Run: ContiguousBytesRun, Result>(
    of runs: [Run], _ body: ([UnsafeRawBufferPointer]) throws -> Result
  ) rethrows -> Result {
    precondition((1...3).contains(runs.count), "\(runs.count) streams")
    return try runs[0].withUnsafeBytes { first in
      guard runs.count > 1 else { return try body([first]) }
      return try runs[1].withUnsafeBytes { second in
        guard runs.count > 2 else { return try body([first, second]) }
        return try runs[2].withUnsafeBytes { third in try body([first, second, third]) }
      }
    }
  }
}

/// Something that lends its bytes in one piece.
public protocol ContiguousBytesRun {
  /// Lends the bytes for the length of the call.
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension [UInt8]: ContiguousBytesRun {}
extension ArraySlice<UInt8>: ContiguousBytesRun {}
