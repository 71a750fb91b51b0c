import FusionCore

/// Gathers questions as they are read: no more than the limit, and no two of one name.
struct QuestionCollector {
  private(set) var questions: [Question] = []
  private var lines: [String: Int] = [:]
  private var texts: Set<String> = []
  /// Whether the published form gives one name to several questions.
  private let permitsRepeatedNames: Bool

  init(_ format: QuestionFormat) { permitsRepeatedNames = format == .mme || format == .textvqa }

  /// Adds a question; one whose name was there before gets a number at the end of it, where the form permits that.
  ///
  /// - Throws: `.questionDuplicate` for a name, or for name and text where names repeat; `.questionsTooMany`.
  mutating func add(_ question: Question, _ place: QuestionPlace) throws {
    guard questions.count < QuestionLimits.questionCount else {
      throw place.tooManyQuestions
    }
    var question = question
    let isNew = !permitsRepeatedNames || texts.insert("\(question.identifier)\n\(question.text)").inserted
    guard isNew, permitsRepeatedNames || lines[question.identifier] == nil else {
      throw place.duplicate(question.identifier, firstLine: lines[question.identifier] ?? place.line)
    }
    let name = question.identifier
    var number = 1
    while lines[question.identifier] != nil {
      number += 1
      question.identifier = "\(name)#\(number)"
    }
    lines[question.identifier] = place.line
    questions.append(question)
  }

  /// All questions.
  ///
  /// - Throws: `.questionsEmpty`.
  func finish(_ file: String) throws -> [Question] {
    guard !questions.isEmpty else {
      throw FusionError(
        .questionsEmpty, "there is no question in the file", file: file, expected: "one question at least",
        found: "none", remedy: "name a file with questions")
    }
    return questions
  }
}
