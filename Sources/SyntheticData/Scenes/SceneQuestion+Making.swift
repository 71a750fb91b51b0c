extension SceneQuestion {
  /// Puts a query with a known answer into words.
  init(_ query: SceneQuery, answer value: String, form: Form, random: inout SceneRandom) {
    category = query.category
    self.form = form
    switch form {
    case .yesNo:
      var claim = value
      if !query.isBoolean, random.chance(1, of: 2) {
        claim = random.element(of: query.plausibleAnswers.filter { $0 != value })
      }
      question = random.element(of: query.statements(of: claim))
      answer = query.isBoolean ? (value == "yes" ? "Yes" : "No") : claim == value ? "Yes" : "No"
      answers = [answer]
      spokenAnswer = answer
      text = "\(question)\nAnswer yes or no."
    case .choice:
      let wrong = random.shuffled(query.possibleAnswers.filter { $0 != value }).prefix(3)
      let options = random.shuffled([value] + wrong)
      let letters = ["A", "B", "C", "D"]
      question = random.element(of: query.questions)
      answer = zip(letters, options).first { $0.1 == value }?.0 ?? "A"
      answers = [answer]
      spokenAnswer = value
      let lines = zip(letters, options).map { "\($0). \($1)\n" }.joined()
      text = "\(question)\n\(lines)Answer with the option's letter from the given choices directly."
    case .short, .long:
      question = random.element(of: query.questions)
      answer = value
      answers = [value] + query.otherForms(of: value)
      spokenAnswer = value
      text = "\(question)\nAnswer the question using a single word or phrase."
    }
  }

  /// A request for a description, which has no single right answer.
  init(description: String, category: SceneCategory, random: inout SceneRandom) {
    question = random.element(of: ["Describe the picture in detail.", "What can be seen in the picture? Describe it."])
    text = question
    answer = description
    answers = [description]
    spokenAnswer = description
    self.category = category
    form = .long
  }
}

extension SceneQuery {
  /// What a false statement claims: each answer about as often as it is true, so that the statement alone tells nothing.
  fileprivate var plausibleAnswers: [String] {
    guard case .count(let filter) = self, filter != SceneFilter() else { return possibleAnswers }
    return ["0", "0", "1", "1", "1", "1", "2", "2", "2", "3", "3", "3", "4", "4", "5", "5"]
  }

  /// Other ways to say an answer, as correct as the first.
  fileprivate func otherForms(of value: String) -> [String] {
    switch self {
    case .count, .panelCount, .letterCount:
      Int(value).map { [["zero", "one", "two", "three", "four", "five"][min(max($0, 0), 5)]] } ?? []
    case .column: [value == "middle" ? "in the middle" : "on the \(value)"]
    case .row, .textRow: [value == "middle" ? "in the middle" : "at the \(value)"]
    case .horizontal: ["to the \(value)"]
    case .moreOf: ["more \(value)"]
    case .place: ScenePlace(rawValue: value).map { [$0.phrase] } ?? []
    default: []
    }
  }
}
