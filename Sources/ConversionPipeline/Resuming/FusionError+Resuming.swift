import FusionCore

extension FusionError.Code {
  /// Partial files belong to another conversion than the one that is to go on with them.
  public static let resumeOtherConversion = Self("resume.otherConversion")
  /// A journal is not what this program writes.
  public static let resumeJournal = Self("resume.journal")
  /// There is a partial file, but nothing says what it is.
  public static let resumeForeignFile = Self("resume.foreignFile", .cannotCreate)
  /// The source is not the one that tensors were converted from before.
  public static let resumeOtherSource = Self("resume.otherSource")
}

extension FusionError {
  static func resumeJournal(_ paths: ResumptionPaths, line: Int, expected: String, found: String) -> FusionError {
    FusionError(
      .resumeJournal, "the journal of the interrupted conversion is damaged", file: paths.journal,
      place: "line \(line)", expected: expected, found: String(found.unicodeScalars.prefix(200)),
      remedy: paths.beginAnew)
  }
}
