import SyntheticData

/// How many questions of which sort were written.
struct QuestionTally {
  private(set) var categories: [String: Int] = [:]
  private(set) var forms: [String: Int] = [:]
  /// Bytes of pictures.
  private(set) var byteCount = 0

  mutating func add(_ questions: some Sequence<SceneQuestion>, byteCount: Int) {
    self.byteCount += byteCount
    for question in questions {
      categories[question.category.rawValue, default: 0] += 1
      forms[question.form.rawValue, default: 0] += 1
    }
  }
}
