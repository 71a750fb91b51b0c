import FusionCore
import MappedFiles

/// Answers that a benchmark publishes apart from LLaVA's form of its questions.
enum SeparateAnswers {
  /// The questions with their answers.
  ///
  /// - Parameter path: the annotations of TextVQA, or the folder of MME.
  /// - Throws: `.questionsUnknownForm` for another form; `.questionNoAnswer`; what is wrong with the answers.
  static func add(_ path: String, to questions: [Question], _ format: QuestionFormat, file: String) throws -> [Question]
  {
    switch format {
    case .textvqa: try addAnnotations(path, questions, file)
    case .mme: try addFolder(path, questions, file)
    default:
      throw FusionError(
        .questionsUnknownForm, "there are no separate answers for this form of questions", file: file,
        expected: "questions of the form mme or textvqa", found: format.rawValue,
        remedy: "leave --answers out, or state the form with --format")
    }
  }

  private static func addAnnotations(_ path: String, _ questions: [Question], _ file: String) throws -> [Question] {
    let annotations = try MappedFile(path: path)
    var answers: [String: [String]] = [:]
    try annotations.withBytes(in: 0..<annotations.byteCount) { bytes in
      try TextVQAAnnotations.read(bytes, path) { annotation, _ in
        answers["\(annotation.imageIdentifier)\n\(QuestionText.key(annotation.text))"] = annotation.question.answers
      }
    }
    return try questions.map { question in
      // The name is that of the picture, with a number if it has several questions.
      let image = question.image.map { path in
        path.split(separator: "/").last.map { $0.split(separator: ".").first.map(String.init) ?? "" } ?? ""
      }
      let lines = question.text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("Reference OCR token") }
      let key = "\(image ?? question.identifier)\n\(QuestionText.key(lines.first.map(String.init) ?? ""))"
      return try answered(question, answers[key], path, file)
    }
  }

  private static func addFolder(_ path: String, _ questions: [Question], _ file: String) throws -> [Question] {
    var answers: [String: [String]] = [:]
    for question in try MMEFolder.questions(in: path) {
      answers[key(question)] = question.answers
    }
    return try questions.map { try answered($0, answers[key($0)], path, file) }
  }

  /// Category, picture without its ending, and the question's own words.
  private static func key(_ question: Question) -> String {
    let name = question.image?.split(separator: "/").last.map(String.init) ?? ""
    let stem = name.split(separator: ".").dropLast().joined(separator: ".")
    return "\(question.category)\n\(stem)\n\(QuestionText.key(question.text))"
  }

  private static func answered(
    _ question: Question, _ answers: [String]?, _ path: String, _ file: String
  ) throws -> Question {
    guard let answers, !answers.isEmpty else {
      throw FusionError(
        .questionNoAnswer, "a question has no answer", file: path, place: "question \(question.identifier) of \(file)",
        expected: "an answer to \"\(QuestionPlace.shortened(question.text.replacingLineEnds))\"", found: "none",
        remedy: "name the answers that belong to these questions")
    }
    var copy = question
    copy.answers = answers
    return copy
  }
}

extension String {
  /// This text on one line.
  fileprivate var replacingLineEnds: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
