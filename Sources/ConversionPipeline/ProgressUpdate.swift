/// How far a long step has come; a caller turns it into a bar, a line of a log, or nothing.
public struct ProgressUpdate: Sendable {
  /// What is being done, a short phrase.
  public let step: String
  /// Bytes of the source dealt with.
  public let doneByteCount: Int
  /// Bytes of the source in all.
  public let totalByteCount: Int

  /// Collects the fields.
  public init(step: String, doneByteCount: Int, totalByteCount: Int) {
    self.step = step
    self.doneByteCount = doneByteCount
    self.totalByteCount = totalByteCount
  }
}

/// Is told how far a step has come, from any thread but from one at a time.
public typealias ProgressHandler = @Sendable (ProgressUpdate) -> Void
