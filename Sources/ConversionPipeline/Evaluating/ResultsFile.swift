import FusionCore
import MappedFiles
import QuestionSets

/// A file of results that grows by one line an answer, and that another run can go on with.
///
/// Every line is one write to the end of the file, so that a killed run loses at most the line it was at. While it is
/// open no other process of this program can write it.
final class ResultsFile {
  /// Answers that were there when it was opened.
  let earlier: [ResultsLine]

  private let file: AppendedFile
  /// Whether there is nothing in it that anyone could go on with.
  private var isWorthless: Bool

  /// Opens the output of an evaluation. A file without a byte counts as none: a run that was killed at once leaves it.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`, `.outputInUse`; for a file that is gone on with `.evaluationOtherRun`
  ///   and `.evaluationResults`.
  init(_ path: String, header: ResultsHeader, _ questions: [Question], shard: EvaluationShard, resumes: Bool) throws {
    let exists = FusionError(
      .outputExists, "the output exists already", file: path, expected: "a name that is free", found: "a file",
      remedy: "add --resume to go on with it, or choose another name")
    guard try resumes || FileIdentity(path: path)?.byteCount ?? 0 == 0 else { throw exists }
    let file = try AppendedFile(path: path, followsLinks: true)
    var isAccepted = file.wasThere
    defer { if !isAccepted { file.remove() } }
    // Only now nobody else writes it; another run may have ended in between.
    let isThere = file.byteCount > 0
    guard resumes || !isThere else { throw exists }
    let (earlier, byteCount) = isThere ? try Self.earlier(path, header, questions, shard) : ([], 0)
    try file.cut(to: byteCount)
    if byteCount == 0 { try file.append(header.bytes) }
    self.earlier = earlier
    self.file = file
    isWorthless = !file.wasThere
    isAccepted = true
    if !isWorthless { keep(earlier.count) }
  }

  /// A file that this run began and gave no answer to is taken away, so that the same command can be tried again.
  deinit {
    if isWorthless { file.remove() }
    UnfinishedWork.keep(file.path, nil)
  }

  /// Adds an answer.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  func append(_ line: ResultsLine) throws {
    try file.append(line.bytes, isDurable: false)
    isWorthless = false
    addedCount += 1
    keep(earlier.count + addedCount)
  }

  private var addedCount = 0

  private func keep(_ count: Int) {
    let answers = count == 1 ? "1 answer" : "\(count) answers"
    UnfinishedWork.keep(
      file.path, "\(file.path.escapedForTerminal) holds \(answers); the same command with --resume goes on")
  }

  /// Makes sure that all lines are on the disk.
  ///
  /// - Throws: `.writeFailed`.
  func finish() throws {
    isWorthless = false
    try file.sync()
    try file.checkName()
  }

  private static func earlier(
    _ path: String, _ header: ResultsHeader, _ questions: [Question], _ shard: EvaluationShard
  ) throws -> (lines: [ResultsLine], byteCount: Int) {
    let reader = try ResultsReader(path, questions) {
      try header.expect($0, file: path)
      return shard
    }
    if reader.header == nil { try checkBeginning(path, header) }
    return (reader.lines, reader.wholeByteCount)
  }

  /// Proves that a file without a whole line is the beginning of this evaluation's, not something else.
  private static func checkBeginning(_ path: String, _ header: ResultsHeader) throws {
    let file = try MappedFile(path: path)
    let expected = header.bytes
    let isBeginning =
      file.byteCount < expected.count
      ? try file.withBytes(in: 0..<file.byteCount) { expected.starts(with: $0) } : false
    guard isBeginning else {
      throw FusionError.evaluationResults(
        path, line: 1, expected: "the first line of a file of results", found: "something else")
    }
  }
}
