import FusionCore
import MappedFiles

/// The release of MME: a folder with one folder for each category, or one text file for each.
///
/// In a category's folder, or in its `questions_answers_YN`, lies one text file for each picture, with a question, a tab
/// and yes or no on each line; the pictures lie beside it, or in `images`. In the other form each line of
/// `category.txt` has picture, question and answer, with tabs between.
enum MMEFolder {
  /// All questions, categories and pictures in alphabetical order.
  ///
  /// - Throws: `.questionsEmpty`, `.cannotOpen`; what is wrong with a line.
  static func questions(in path: String) throws -> [Question] {
    var collector = QuestionCollector(.mme)
    for name in try FolderContents.names(in: path) {
      let entry = "\(path)/\(name)"
      if try FileIdentity(path: entry)?.isFolder ?? false {
        try readCategory(name, entry, &collector)
      } else if name.hasSuffix(".txt"), MMECategories.all.contains(String(name.dropLast(4))) {
        try readTable(String(name.dropLast(4)), entry, &collector)
      }
    }
    return try collector.finish(path)
  }

  private static func readCategory(_ category: String, _ path: String, _ collector: inout QuestionCollector) throws {
    let apart = "\(path)/questions_answers_YN"
    let texts = try FileIdentity(path: apart)?.isFolder ?? false ? apart : path
    let pictures = try FileIdentity(path: "\(path)/images")?.isFolder ?? false ? "images/" : ""
    for name in try FolderContents.names(in: texts) where name.hasSuffix(".txt") {
      let stem = String(name.dropLast(4))
      let picture = try ["jpg", "png", "jpeg"].map { "\(pictures)\(stem).\($0)" }.first {
        try FileIdentity(path: "\(path)/\($0)")?.isRegularFile ?? false
      }
      // A picture that is not there is named, so that what misses it can say which.
      let image = "\(category)/\(picture ?? "\(pictures)\(stem).jpg")"
      try readLines("\(texts)/\(name)", columnCount: 2) { fields, place in
        try collector.add(
          question(category, image, name: "\(category)/\(stem)", fields[0], fields[1], place), place)
      }
    }
  }

  private static func readTable(_ category: String, _ path: String, _ collector: inout QuestionCollector) throws {
    try readLines(path, columnCount: 3) { fields, place in
      let name = try place.checkedName(fields[0], field: "picture")
      try collector.add(
        question(category, "\(category)/\(name)", name: "\(category)/\(name)", fields[1], fields[2], place), place)
    }
  }

  private static func question(
    _ category: String, _ image: String, name: String, _ text: String, _ answer: String, _ place: QuestionPlace
  ) throws -> Question {
    let question = Question(
      identifier: name, image: image, text: QuestionText.withWordRequest(text), answers: [answer], category: category,
      kind: .yesNo, group: name)
    try QuestionChecks.check(question, place, field: "answer")
    return question
  }

  private static func readLines(
    _ path: String, columnCount: Int, _ body: ([String], QuestionPlace) throws -> Void
  ) throws {
    let file = try MappedFile(path: path)
    try file.withBytes(in: 0..<file.byteCount) { bytes in
      let text = UnsafeRawBufferPointer(rebasing: bytes[bytes.markByteCount...])
      var scanner = LineScanner(text)
      while let range = scanner.nextLine() {
        let place = QuestionPlace(file: path, line: scanner.number)
        guard range.count <= QuestionLimits.lineByteCount else {
          throw place.tooLong("the whole line", limit: QuestionLimits.lineByteCount, found: range.count)
        }
        guard let line = String(validating: text[range], as: UTF8.self) else {
          throw place.wrong("question", expected: "UTF-8", found: "other bytes")
        }
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmed }
        if fields == [""] { continue }
        guard fields.count >= columnCount, fields.prefix(columnCount).allSatisfy({ !$0.isEmpty }) else {
          throw place.table(
            expected: "\(columnCount == 2 ? "" : "picture, ")question and answer with tabs between",
            found: QuestionPlace.shortened(line))
        }
        try body(fields, place)
      }
    }
  }
}
