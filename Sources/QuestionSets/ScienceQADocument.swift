import FusionCore

/// ScienceQA in LLaVA's form: one JSON array whose elements have `id`, perhaps `image`, and `conversations`.
///
/// The first message is the question with its options, the second one ends in the right letter: `The answer is B.`
enum ScienceQADocument {
  static func read(_ bytes: UnsafeRawBufferPointer, _ file: String, _ collector: inout QuestionCollector) throws {
    let start = bytes.markByteCount
    let text = UnsafeRawBufferPointer(rebasing: bytes[start...])
    try QuestionPlace.checkDocument(text, file)
    var line = LineCounter(text)
    var place = QuestionPlace(file: file, line: 1)
    do {
      var scanner = try StrictJSONScanner(text, maximumDepth: QuestionLimits.nestingDepth)
      try scanner.beginArray()
      while try scanner.nextElement() {
        _ = try scanner.kind()
        place = QuestionPlace(file: file, line: line.number(at: scanner.position))
        let from = scanner.position
        let question = try self.question(&scanner, place)
        guard scanner.position - from <= QuestionLimits.lineByteCount else {
          throw place.tooLong("the question", limit: QuestionLimits.lineByteCount, found: scanner.position - from)
        }
        try collector.add(question, place)
      }
      try scanner.finish()
    } catch let error as FusionError {
      throw error.file == nil ? place.json(error) : error
    }
  }

  private static func question(_ scanner: inout StrictJSONScanner, _ place: QuestionPlace) throws -> Question {
    var fields: [String: String] = [:]
    var messages: [String]?
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch (key, try scanner.kind()) {
      case ("conversations", _):
        guard messages == nil else { throw place.wrong(key, expected: "one such field", found: "a second one") }
        messages = try self.messages(&scanner, place)
      case ("id", .string), ("image", .string): fields[key] = try place.checkedName(try scanner.string(), field: key)
      case ("id", .number): fields[key] = "\(try scanner.unsignedInteger())"
      case ("id", let kind): throw place.wrong(key, expected: "a text or a whole number", found: kind.phrase)
      default: try scanner.skipValue()
      }
    }
    guard let identifier = fields["id"] else { throw place.missing("id", expected: "a text or a whole number") }
    guard let messages else { throw place.missing("conversations", expected: "a list of two messages") }
    guard messages.count >= 2 else {
      throw place.wrong("conversations", expected: "a question and its answer", found: "\(messages.count) messages")
    }
    let asked = QuestionText.withoutMarkers(messages[0])
    let question = Question(
      identifier: identifier, image: fields["image"], text: QuestionText.withLetterRequest(asked),
      answers: [letter(of: messages[1])], kind: .choice, options: OptionList.parse(asked))
    try QuestionChecks.check(question, place, field: "conversations")
    return question
  }

  /// The letter that an answer ends in, or all of it where there is none.
  private static func letter(of answer: String) -> String {
    guard let last = answer.split(separator: "The answer is ", omittingEmptySubsequences: false).dropFirst().last else {
      return answer.trimmed
    }
    return String(last.prefix { $0.isLetter || $0 == "(" || $0 == ")" })
  }

  private static func messages(_ scanner: inout StrictJSONScanner, _ place: QuestionPlace) throws -> [String] {
    var messages: [String] = []
    try scanner.beginArray()
    while try scanner.nextElement() {
      guard messages.count < QuestionLimits.listCount else {
        throw place.wrong("conversations", expected: "at most \(QuestionLimits.listCount) messages", found: "more")
      }
      let record = try JSONRecord(&scanner, fields: ["value"], place: place)
      messages.append(try record.text(["value"]))
    }
    return messages
  }
}
