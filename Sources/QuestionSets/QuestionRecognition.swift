import FusionCore
import MappedFiles

/// Tells the form of a question file from what is in it.
enum QuestionRecognition {
  /// Bytes at the start of a file that are looked at.
  private static let startByteCount = 4096

  private static let popeCategories: Set<String> = ["adversarial", "popular", "random"]

  /// The form of a file.
  ///
  /// - Throws: `.questionsUnknownForm`; what is wrong with the first line.
  static func format(of bytes: UnsafeRawBufferPointer, file: String) throws -> QuestionFormat {
    let start = UnsafeRawBufferPointer(rebasing: bytes[bytes.markByteCount...])
    switch start.prefix(startByteCount).first(where: { $0 > 0x20 }) {
    case UInt8(ascii: "["): return .scienceqa
    case UInt8(ascii: "{"): return isAnnotations(bytes) ? .textvqa : try lineFormat(start, file)
    default: break
    }
    let header = String(decoding: start.prefix(startByteCount).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    if Set(["index", "question", "A", "B"]).isSubset(of: columns(header, "\t")) { return .mmbench }
    if Set(["Index", "Question", "Options", "Correct Answer"]).isSubset(of: columns(header, ",")) { return .mmvp }
    let names = QuestionFormat.allCases.map(\.rawValue).joined(separator: ", ")
    throw FusionError(
      .questionsUnknownForm, "the form of the question file was not recognised", file: file, place: "line 1",
      expected: "JSON lines, a JSON array, or a table with the columns of MMBench or MMVP",
      found: bytes.isEmpty ? "an empty file" : QuestionPlace.shortened(header),
      remedy: "state the form with --format: \(names)")
  }

  /// Whether a file is the annotations of TextVQA: one object with the list `data` instead of one for each line.
  static func isAnnotations(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let text = UnsafeRawBufferPointer(rebasing: bytes[bytes.markByteCount...])
    let line = text.prefix(QuestionLimits.lineByteCount + 1).prefix { $0 != UInt8(ascii: "\n") }
    if line.count <= QuestionLimits.lineByteCount,
      let hasList = try? hasDataList(UnsafeRawBufferPointer(rebasing: line))
    {
      return hasList
    }
    // The object goes on beyond its line, so its fields are looked for.
    let start = String(decoding: text.prefix(startByteCount), as: UTF8.self)
    return ["\"dataset_name\"", "\"dataset_type\"", "\"data\""].contains(where: start.contains)
  }

  /// Whether a line that is one whole object has the list `data`.
  private static func hasDataList(_ line: UnsafeRawBufferPointer) throws -> Bool {
    var scanner = try StrictJSONScanner(line, maximumDepth: QuestionLimits.nestingDepth)
    try scanner.beginObject()
    var hasList = false
    while let key = try scanner.nextKey() {
      if key == "data", try scanner.kind() == .array { hasList = true }
      try scanner.skipValue()
    }
    try scanner.finish()
    return hasList
  }

  private static func columns(_ header: String, _ separator: Character) -> Set<String> {
    Set(header.split(separator: separator).map { String($0.filter { $0 != "\"" }).trimmed })
  }

  private static func lineFormat(_ bytes: UnsafeRawBufferPointer, _ file: String) throws -> QuestionFormat {
    var scanner = LineScanner(bytes)
    while let range = scanner.nextLine() {
      let line = UnsafeRawBufferPointer(rebasing: bytes[range])
      if line.isBlank { continue }
      let place = QuestionPlace(file: file, line: scanner.number)
      guard line.count <= QuestionLimits.lineByteCount else {
        throw place.tooLong("the whole line", limit: QuestionLimits.lineByteCount, found: line.count)
      }
      let record = try JSONRecord(line: line, fields: ["category", "label"], place: place)
      let category = record.values["category"].map { if case .text(let text) = $0 { text } else { "" } }
      if record.names.isSuperset(of: ["prompt", "choices", "filename"]) { return .cvbench }
      if case .text(let label)? = record.values["label"], YesNoAnswer.exact(label) != nil,
        !record.names.contains("type"), category.map(popeCategories.contains) ?? true
      {
        return .pope
      }
      let hasAnswer = !record.names.isDisjoint(with: ["answer", "answers", "label", "gt_answer"])
      if !hasAnswer, let category, MMECategories.all.contains(category) { return .mme }
      return .lines
    }
    return .lines
  }
}
