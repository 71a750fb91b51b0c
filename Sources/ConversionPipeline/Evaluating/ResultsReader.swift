import FusionCore
import MappedFiles
import QuestionSets

/// Reads a file of results.
struct ResultsReader {
  /// Its first line; `nil` if the file ends before that does.
  let header: ResultsHeader?
  /// Its answers, whole lines only.
  let lines: [ResultsLine]
  /// Bytes of header and whole lines; what follows them is a line that was cut off.
  let wholeByteCount: Int
  /// Whether the file ends with a whole line.
  let isWhole: Bool

  /// Reads a file whose lines are the answers to certain questions, in their order.
  ///
  /// - Parameters:
  ///   - check: sees the header before any line is read, and says which questions the lines are of.
  /// - Throws: `.cannotOpen`; `.evaluationResults`; what `check` throws.
  init(
    _ path: String, _ questions: [Question], check: (ResultsHeader) throws -> EvaluationShard
  ) throws {
    let file = try MappedFile(path: path)
    var header: ResultsHeader?
    var lines: [ResultsLine] = []
    var wholeByteCount = 0
    try file.withBytes(in: 0..<file.byteCount) { bytes in
      var indices: [Int] = []
      while let end = try Self.lineEnd(in: bytes[wholeByteCount...], path, line: lines.count + (header == nil ? 1 : 2))
      {
        let line = UnsafeRawBufferPointer(rebasing: bytes[wholeByteCount..<end])
        if header == nil {
          let first = try ResultsHeader(line: line, file: path)
          let shard = try check(first)
          indices = questions.indices.filter(shard.contains)
          header = first
        } else {
          guard lines.count < indices.count else {
            throw FusionError.evaluationResults(
              path, line: lines.count + 2, expected: "the end of the file", found: "one more line")
          }
          let index = indices[lines.count]
          lines.append(
            try ResultsLine.read(line, index: index, questions[index], file: path, number: lines.count + 2))
        }
        wholeByteCount = end + 1
      }
    }
    self.header = header
    self.lines = lines
    self.wholeByteCount = wholeByteCount
    isWhole = wholeByteCount == file.byteCount
  }

  /// Where the first line ends; `nil` if the file ends before.
  ///
  /// - Throws: `.evaluationResults` for a line that is longer than any of results.
  private static func lineEnd(
    in rest: Slice<UnsafeRawBufferPointer>, _ path: String, line: Int
  ) throws -> Int? {
    let limit = ResultsLine.largestByteCount
    let start = rest.prefix(limit + 1)
    if let end = start.firstIndex(of: UInt8(ascii: "\n")) { return end }
    guard start.count <= limit else {
      throw FusionError.evaluationResults(path, line: line, expected: "at most \(limit) bytes", found: "more")
    }
    return nil
  }
}
