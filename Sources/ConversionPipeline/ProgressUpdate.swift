/// How far a long step has come; a caller turns it into a bar, a line of a log, or nothing.
public struct ProgressUpdate: Sendable {
  /// What is counted.
  public enum Unit: Sendable {
    /// Bytes of the source.
    case bytes
    /// Layers of the model.
    case layers
    /// Pictures of a question set.
    case pictures
    /// Questions to a model.
    case questions
    /// Tensors of the model.
    case tensors
  }

  /// What is being done, a short phrase.
  public let step: String
  /// Units dealt with.
  public let done: Int
  /// Units in all.
  public let total: Int
  /// What is counted.
  public let unit: Unit

  /// Collects the fields.
  public init(step: String, done: Int, total: Int, unit: Unit) {
    self.step = step
    self.done = done
    self.total = total
    self.unit = unit
  }

  /// A step that counts bytes.
  public init(step: String, doneByteCount: Int, totalByteCount: Int) {
    self.init(step: step, done: doneByteCount, total: totalByteCount, unit: .bytes)
  }
}

/// Is told how far a step has come, from any thread but from one at a time.
public typealias ProgressHandler = @Sendable (ProgressUpdate) -> Void
