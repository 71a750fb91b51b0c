import FusionCore

/// Questions that are one JSON object to a line.
enum LineQuestions {
  static let fields: Set<String> = [
    "question_id", "idx", "id", "image", "filename", "text", "question", "prompt", "answer", "answers", "label",
    "gt_answer", "category", "task", "type", "options", "choices", "image_id",
  ]

  /// The question of a line.
  ///
  /// - Throws: `.questionMissingField`, `.questionWrongField`.
  static func question(_ record: JSONRecord, _ format: QuestionFormat) throws -> Question {
    switch format {
    case .cvbench: try benchQuestion(record)
    case .pope: try yesNoQuestion(record, field: "label")
    case .mme: try pairQuestion(record)
    case .textvqa: try pictureTextQuestion(record)
    default: try plainQuestion(record)
    }
  }

  private static func plainQuestion(_ record: JSONRecord) throws -> Question {
    let text = QuestionText.withoutMarkers(try record.text(["text", "question", "prompt"]))
    var question = Question(
      identifier: try record.identifier(["question_id", "id"]), image: try record.name(["image"]), text: text,
      answers: try record.list(["answer", "answers", "label", "gt_answer"]),
      category: try record.name(["category"]) ?? "", kind: .short, options: try record.list(["options", "choices"]))
    let stated = try record.name(["type"]).flatMap(QuestionKind.init)
    let answerField = record.first(["answer", "answers", "label", "gt_answer"])
    if stated == nil || stated == .choice, question.options.count >= 2, let answer = question.answers.first,
      ChoiceAnswer.letter(in: answer, options: question.options) == nil
    {
      // A number that is no option's text is the place of one, from 0.
      guard case .integer(let index)? = answerField?.value, question.options.indices.contains(index), index < 26 else {
        throw record.place.wrong(
          answerField?.name ?? "answer",
          expected: "a letter of the \(question.options.count) options, as (A), an option's text, or its place from 0",
          found: answer)
      }
      question.answers = [ChoiceAnswer.name(of: index)]
    }
    question.kind = stated ?? QuestionKind.inferred(answers: question.answers, options: question.options, text: text)
    if question.kind == .choice, question.options.isEmpty { question.options = OptionList.parse(text) }
    try QuestionChecks.check(
      question, record.place, field: record.first(["answer", "answers", "label", "gt_answer"])?.name)
    return question
  }

  private static func yesNoQuestion(_ record: JSONRecord, field: String) throws -> Question {
    let answers = try record.list([field])
    guard !answers.isEmpty else { throw record.place.missing(field, expected: "yes or no") }
    let question = Question(
      identifier: try record.identifier(["question_id"]), image: try record.name(["image"]),
      text: QuestionText.withoutMarkers(try record.text(["text"])), answers: answers,
      category: try record.name(["category"]) ?? "", kind: .yesNo)
    try QuestionChecks.check(question, record.place, field: field)
    return question
  }

  /// LLaVA's form of MME: both questions of a picture have the same name.
  private static func pairQuestion(_ record: JSONRecord) throws -> Question {
    let identifier = try record.identifier(["question_id"])
    guard let category = try record.name(["category"]), !category.isEmpty else {
      throw record.place.missing("category", expected: "a category of MME")
    }
    let question = Question(
      identifier: identifier, image: try record.name(["image"]),
      text: QuestionText.withoutMarkers(try record.text(["text"])),
      answers: try record.list(["answer", "label", "gt_answer"]), category: category, kind: .yesNo, group: identifier)
    try QuestionChecks.check(question, record.place, field: "answer")
    return question
  }

  private static func pictureTextQuestion(_ record: JSONRecord) throws -> Question {
    let question = Question(
      identifier: try record.identifier(["question_id"]), image: try record.name(["image"]),
      text: QuestionText.withoutMarkers(try record.text(["text", "question"])), answers: try record.list(["answers"]),
      category: try record.name(["category"]) ?? "", kind: .short)
    try QuestionChecks.check(question, record.place, field: "answers")
    return question
  }

  private static func benchQuestion(_ record: JSONRecord) throws -> Question {
    let options = try record.list(["choices"])
    let question = Question(
      identifier: try record.identifier(["idx", "question_id"]), image: try record.name(["filename", "image"]),
      text: QuestionText.withLetterRequest(QuestionText.withoutMarkers(try record.text(["prompt"]))),
      answers: try record.list(["answer"]), category: try record.name(["task", "category"]) ?? "", kind: .choice,
      options: options)
    guard !question.answers.isEmpty else { throw record.place.missing("answer", expected: "a letter, as (A)") }
    try QuestionChecks.check(question, record.place, field: "answer")
    return question
  }
}
