import FusionCore

/// A journal, read and proven as a conversion does that goes on with it.
public struct JournalContent: Sendable {
  /// Tensors that it says are complete.
  public let tensorCount: Int
  /// The first line, if it is there, and those of all complete tensors, as they are written.
  public let bytes: [UInt8]

  /// Reads the journal of a conversion.
  ///
  /// - Parameters:
  ///   - header: the first line that the conversion itself would write, with its end.
  ///   - entries: what the conversion makes of each tensor.
  ///   - output: path of its container, for errors.
  /// - Throws: `.resumeJournal`, `.resumeOtherConversion`.
  public init(
    _ bytes: UnsafeRawBufferPointer, header: [UInt8], entries: [PlannedTensor], output: String
  ) throws {
    let paths = ResumptionPaths(output: output)
    let own = try header.dropLast().withUnsafeBytes { try JournalHeader(line: $0, paths) }
    let reader = try JournalReader(bytes, own, entries, paths)
    tensorCount = reader.lines.count
    self.bytes = (reader.hasHeader ? own.bytes : []) + reader.lines.flatMap(\.bytes)
  }
}
