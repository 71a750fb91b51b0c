import ContainerFormat
import FusionCore

/// What a journal says that is done.
struct JournalReader {
  /// Whether its first line is there; without it nothing is.
  let hasHeader: Bool
  /// Complete tensors, in the order of the plan from its first.
  let lines: [JournalLine]
  /// Bytes of all this; what follows is a line that was not written to its end.
  let wholeByteCount: Int

  /// Reads a journal and proves that it is one of this conversion.
  ///
  /// - Throws: `.resumeJournal`, `.resumeOtherConversion`.
  init(
    _ bytes: UnsafeRawBufferPointer, _ header: JournalHeader, _ entries: [PlannedTensor], _ paths: ResumptionPaths
  ) throws {
    var ranges = Self.lineRanges(bytes)
    guard let first = ranges.first else {
      guard header.bytes.starts(with: bytes) else {
        throw FusionError.resumeJournal(
          paths, line: 1, expected: "the first line of a journal", found: "something else")
      }
      (hasHeader, lines, wholeByteCount) = (false, [], 0)
      return
    }
    func line(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }
    let stated = try JournalHeader(line: line(first), paths)
    try header.expect(stated, paths)
    guard stated.bytes.dropLast().elementsEqual(line(first)) else {
      throw FusionError.resumeJournal(
        paths, line: 1, expected: "the first line of a journal", found: "one with other fields")
    }
    ranges.removeFirst()
    // A machine that lost power may have kept the end of a line without its beginning.
    if let last = ranges.last, last.upperBound + 1 == bytes.count, !JournalLineParser.isWhole(line(last)) {
      ranges.removeLast()
    }
    guard ranges.count <= entries.count else {
      throw FusionError.resumeJournal(
        paths, line: entries.count + 2, expected: "the end of the file", found: "one more line")
    }
    let parser = JournalLineParser(paths: paths)
    lines = try ranges.enumerated().map { index, range in
      try parser.parse(line(range), number: index + 2, of: entries[index])
    }
    hasHeader = true
    wholeByteCount = (ranges.last ?? first).upperBound + 1
  }

  /// Where the whole lines are, without their ends.
  private static func lineRanges(_ bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      ranges.append(start..<end)
      start = end + 1
    }
    return ranges
  }
}
