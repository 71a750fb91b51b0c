import FusionCore
import MappedFiles

/// Reads question files of all forms that are one file.
enum QuestionReader {
  /// All questions of a file.
  ///
  /// - Throws: what is wrong with a line of it.
  static func questions(in file: MappedFile, _ format: QuestionFormat) throws -> [Question] {
    var collector = QuestionCollector(format)
    try file.withBytes(in: 0..<file.byteCount) { bytes in
      switch format {
      case .mmbench:
        try MMBenchTable.read(bytes, file.path, &collector)
      case .mmvp:
        try MMVPTable.read(bytes, file.path, &collector)
      case .scienceqa:
        try ScienceQADocument.read(bytes, file.path, &collector)
      case .textvqa where QuestionRecognition.isAnnotations(bytes):
        try TextVQAAnnotations.read(bytes, file.path) { annotation, place in
          try collector.add(annotation.question, place)
        }
      case .lines, .pope, .mme, .textvqa, .cvbench:
        try readLines(bytes, format, file, &collector)
      }
    }
    return try collector.finish(file.path)
  }

  private static func readLines(
    _ bytes: UnsafeRawBufferPointer, _ format: QuestionFormat, _ file: MappedFile, _ collector: inout QuestionCollector
  ) throws {
    let start = bytes.markByteCount
    var scanner = LineScanner(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    var discarded = 0
    while let range = scanner.nextLine() {
      let line = UnsafeRawBufferPointer(rebasing: bytes[(start + range.lowerBound)..<(start + range.upperBound)])
      let place = QuestionPlace(file: file.path, line: scanner.number)
      guard line.count <= QuestionLimits.lineByteCount else {
        throw place.tooLong("the whole line", limit: QuestionLimits.lineByteCount, found: line.count)
      }
      if line.isBlank { continue }
      let record = try JSONRecord(line: line, fields: LineQuestions.fields, place: place)
      try collector.add(try LineQuestions.question(record, format), place)
      if range.upperBound - discarded > 8 << 20 {
        file.discard(discarded..<range.upperBound)
        discarded = range.upperBound
      }
    }
  }
}
