import FusionCore
import QuestionSets

/// Question files of all forms: what is read has a name of its own and an answer that is right by its own measure.
///
/// The first byte names the form, in the order of ``QuestionFormat`` from `a` on, `?` for one that is told from the
/// content. Answers that are published separately follow behind a byte 0x1E. For the folder of MME (`m`) the parts are
/// a picture's text and a category's table.
enum QuestionFuzzing {
  private static let separator: UInt8 = 0x1E

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    guard let mark = bytes.first else { return }
    let parts = bytes.dropFirst().split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(
      Array.init)
    guard mark != UInt8(ascii: "m") else { return try folder(parts) { try check($0, byteCount: 0, format: nil) } }
    let forms = zip(UInt8(ascii: "a")..., QuestionFormat.allCases)
    let format = forms.first { $0.0 == mark }?.1
    try ScratchFile.with(parts[0], "questions") { path in
      let set = try QuestionSet(path: path, format: format)
      try check(set, byteCount: parts[0].count, format: format)
      guard parts.count > 1 else { return }
      // Only MME has its answers in a folder, whether it was named or told from the content.
      if set.format == .mme {
        try folder([parts[1]]) { answers in
          try check(
            try QuestionSet(path: path, format: format, answersPath: answers.path), byteCount: parts[0].count,
            format: format)
        }
      } else {
        try ScratchFile.with(parts[1], "answers") { answers in
          try check(
            try QuestionSet(path: path, format: format, answersPath: answers), byteCount: parts[0].count, format: format
          )
        }
      }
    }
  }

  /// Calls `body` with the questions of a folder as MME has it.
  private static func folder(_ parts: [[UInt8]], _ body: (QuestionSet) throws -> Void) throws {
    let names = ["color/000.txt", "count.txt"]
    try ScratchFile.withFolder(Array(zip(names, parts)), "mme") { try body(try QuestionSet(path: $0)) }
  }

  private static func check(_ set: QuestionSet, byteCount: Int, format: QuestionFormat?) throws {
    if let format { try FuzzFinding.require(set.format == format, "\(set.format) was read as \(format)") }
    try FuzzFinding.require(!set.questions.isEmpty, "a set without questions")
    try FuzzFinding.require(
      Set(set.questions.map(\.identifier)).count == set.questions.count, "two questions have one name")
    for question in set.questions {
      try check(question)
      try FuzzFinding.require(
        (question.embeddedImage?.upperBound ?? 0) <= byteCount, "a picture ends behind the file: \(question)")
      do {
        let picture = try set.embeddedImage(of: question)
        try FuzzFinding.require((picture != nil) == (question.embeddedImage != nil), "a picture got lost: \(question)")
      } catch let error as FusionError {
        try FuzzFinding.check(error)
      }
    }
    let again = try FuzzFinding.accepting("reading it as \(set.format)") {
      try QuestionSet(path: set.path, format: set.format)
    }
    try FuzzFinding.require(
      again.questions.map(\.identifier) == set.questions.map(\.identifier),
      "told its form, the file has other questions")
  }

  private static func check(_ question: Question) throws {
    try FuzzFinding.require(
      question.answers.count <= QuestionLimits.listCount && question.options.count <= QuestionLimits.listCount
        && question.category.utf8.count <= QuestionLimits.nameByteCount
        && question.text.utf8.count <= 2 * QuestionLimits.lineByteCount,
      "a question is larger than permitted: \(question)")
    if let image = question.image {
      let parts = image.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      try FuzzFinding.require(
        !parts.contains { $0.isEmpty || $0.elementsEqual("..".utf8) }, "a picture outside of its folder: \(image)")
    }
    let expected = AnswerJudge.expected(question)
    try FuzzFinding.require((expected != nil) == question.isScored, "what is right is not known: \(question)")
    for answer in question.answers.prefix(1) + ["", "no", "(B) it is"] {
      let judgement = AnswerJudge.judge(question, answer: answer)
      try FuzzFinding.require((judgement != nil) == question.isScored, "\(answer) is judged otherwise: \(question)")
      try FuzzFinding.require((0...1).contains(judgement?.score ?? 0), "\(answer) scores \(judgement?.score ?? 0)")
    }
    guard question.kind == .yesNo || question.kind == .choice, let right = question.answers.first else { return }
    try FuzzFinding.require(
      AnswerJudge.judge(question, answer: right)?.score == 1, "the right answer \(right) is wrong: \(question)")
  }
}
