/// Names of the journal of a conversion that can be gone on with, as `formats/journal.md` has them.
public enum JournalSchema {
  /// Name and version of the form.
  public static let name = "fusion-convert.journal/1"
  /// Ending of the partial file's name, behind the output's.
  public static let partialSuffix = ".partial"
  /// Ending of the journal's name, behind the output's.
  public static let journalSuffix = ".partial.journal"
  /// Most bytes of a journal: a line for each tensor, an entry for each chunk that a container may have.
  public static let largestByteCount = 64 << 20

  /// Fields of the first line, all of them text: together they decide the container's bytes.
  public enum HeaderField: String, CaseIterable, Sendable {
    /// ``JournalSchema/name``.
    case schema
    /// Program and version.
    case program
    /// Version of the container format.
    case container
    /// Library that compresses, with its version.
    case compressor
    /// Fingerprint of the checkpoint and what is put together with it.
    case source
    /// SHA-256 of the small files.
    case sideFiles
    /// The recipe, as the container has it.
    case recipe
    /// SHA-256 of what becomes of each tensor.
    case plan
    /// Fingerprint of the statistics file, or `none`.
    case statistics
    /// Size of that file.
    case statisticsByteCount
    /// Digest of the data that its inputs were seen with.
    case statisticsData
    /// Fingerprint of the model that they were seen in.
    case statisticsModel
  }

  /// Fields of each further line: a tensor that is complete.
  public enum LineField: String, CaseIterable, Sendable {
    /// Canonical name.
    case tensor
    /// Checksum of the source's bytes.
    case source
    /// Values that are NaN or infinite.
    case nonfinite
    /// What was seen of the values, or `null`.
    case statistics
    /// Streams in the order of the encoding.
    case streams
    /// Checksum of the line up to the comma before this field.
    case checksum
  }

  /// Fields of the statistics, each the bits of a double or, for the last, `none`.
  public enum StatisticsField: String, CaseIterable, Sendable {
    /// Least value.
    case minimum
    /// Greatest value.
    case maximum
    /// Mean.
    case mean
    /// Standard deviation.
    case standardDeviation
    /// Sum of squares.
    case signalEnergy
    /// Sum of squared differences.
    case errorEnergy
    /// Largest distance of a weight from its code.
    case largestDeviation
  }

  /// What the list of a chunk holds, in this order.
  public enum ChunkField: String, CaseIterable, Sendable {
    /// Where the chunk begins in the file.
    case offset
    /// Bytes in the file.
    case storedByteCount
    /// Bytes after decoding.
    case rawByteCount
    /// Checksum of the stored bytes.
    case checksum
    /// How they are stored.
    case coding
  }
}
