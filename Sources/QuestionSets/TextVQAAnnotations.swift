import FusionCore

/// The annotations of TextVQA: one object whose list `data` has `question`, `image_id`, `question_id` and the answers of
/// ten people for each question.
enum TextVQAAnnotations {
  /// One entry of the list.
  struct Annotation {
    let imageIdentifier: String
    let text: String
    let question: Question
  }

  /// Calls `body` with each entry, and the line that it starts in.
  ///
  /// - Throws: what is wrong with an entry; what `body` throws.
  static func read(
    _ bytes: UnsafeRawBufferPointer, _ file: String, _ body: (Annotation, QuestionPlace) throws -> Void
  ) throws {
    let text = UnsafeRawBufferPointer(rebasing: bytes[bytes.markByteCount...])
    try QuestionPlace.checkDocument(text, file)
    var line = LineCounter(text)
    var place = QuestionPlace(file: file, line: 1)
    var hasData = false
    do {
      var scanner = try StrictJSONScanner(text, maximumDepth: QuestionLimits.nestingDepth)
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        guard key == "data" else {
          try scanner.skipValue()
          continue
        }
        hasData = true
        try scanner.beginArray()
        while try scanner.nextElement() {
          _ = try scanner.kind()
          place = QuestionPlace(file: file, line: line.number(at: scanner.position))
          try body(try annotation(&scanner, place), place)
        }
      }
      try scanner.finish()
    } catch let error as FusionError {
      throw error.file == nil ? place.json(error) : error
    }
    guard hasData else {
      throw QuestionPlace(file: file, line: 1).missing("data", expected: "a list of questions")
    }
  }

  private static func annotation(_ scanner: inout StrictJSONScanner, _ place: QuestionPlace) throws -> Annotation {
    let record = try JSONRecord(&scanner, fields: ["question", "image_id", "question_id", "answers"], place: place)
    let text = try record.text(["question"])
    let image = try record.identifier(["image_id"])
    let question = Question(
      identifier: try record.identifier(["question_id"]), image: "\(image).jpg",
      text: QuestionText.withWordRequest(text.trimmed), answers: try record.list(["answers"]), kind: .short)
    try QuestionChecks.check(question, place, field: "answers")
    return Annotation(imageIdentifier: image, text: text, question: question)
  }
}
