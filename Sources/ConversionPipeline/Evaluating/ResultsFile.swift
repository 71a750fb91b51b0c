import FusionCore
import Glibc
import MappedFiles
import QuestionSets

/// A file of results that grows by one line an answer, and that another run can go on with.
///
/// Every line is one write to the end of the file, so that a killed run loses at most the line it was at. While it is
/// open no other process of this program can write it.
final class ResultsFile {
  /// Answers that were there when it was opened.
  let earlier: [ResultsLine]

  private let path: String
  private let descriptor: Int32
  private var byteCount: Int
  /// Whether there is nothing in it that anyone could go on with.
  private var isWorthless: Bool

  /// Opens the output of an evaluation.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`, `.evaluationInUse`; for a file that is gone on with `.evaluationOtherRun`
  ///   and `.evaluationResults`.
  init(_ path: String, header: ResultsHeader, _ questions: [Question], shard: EvaluationShard, resumes: Bool) throws {
    self.path = path
    let isThere = FileIdentity(path: path) != nil
    guard resumes || !isThere else {
      throw FusionError(
        .outputExists, "the output exists already", file: path, expected: "a name that is free", found: "a file",
        remedy: "add --resume to go on with it, or choose another name")
    }
    let flags = isThere ? O_RDWR : O_RDWR | O_CREAT | O_EXCL
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FusionError(
        .cannotCreate, "cannot create the output", file: path, expected: "a place where a file can be made",
        found: FusionError.systemMessage(errno), remedy: "check that the folder exists and that you may write there")
    }
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw FusionError(
        .evaluationInUse, "another process writes the results", file: path, expected: "a file that is not in use",
        found: FusionError.systemMessage(errno), remedy: "wait for that process, or write to another file")
    }
    (earlier, byteCount) = isThere ? try Self.earlier(path, header, questions, shard) : ([], 0)
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
      throw FusionError.writeFailed(path, at: byteCount, errno: errno)
    }
    self.descriptor = descriptor
    isKept = true
    isWorthless = !isThere
    if byteCount == 0 { try write(header.bytes) }
  }

  /// A file that this run began and gave no answer to is taken away, so that the same command can be tried again.
  deinit {
    if isWorthless { unlink(path) }
    close(descriptor)
  }

  /// Adds an answer.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  func append(_ line: ResultsLine) throws {
    try write(line.bytes)
    isWorthless = false
  }

  /// Makes sure that all lines are on the disk.
  ///
  /// - Throws: `.writeFailed`.
  func finish() throws {
    isWorthless = false
    guard fsync(descriptor) == 0 else { throw FusionError.writeFailed(path, at: byteCount, errno: errno) }
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

  private func write(_ bytes: [UInt8]) throws {
    var done = 0
    try bytes.withUnsafeBytes { buffer in
      while done < buffer.count, let base = buffer.baseAddress {
        let count = pwrite(descriptor, base + done, buffer.count - done, off_t(byteCount + done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw FusionError.writeFailed(path, at: byteCount + done, errno: count < 0 ? errno : ENOSPC)
        }
        done += count
      }
    }
    byteCount += done
  }
}
