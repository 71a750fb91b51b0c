/// Finds questions about one scene, with answers as evenly spread as the scene lets them be.
struct SceneInterview {
  private let scene: Scene
  private let featured: SceneQuery?
  private var random: SceneRandom
  private var asked: Set<String> = []
  private var queries: Set<SceneQuery> = []

  init(_ draft: SceneDraft, random: SceneRandom) {
    scene = draft.scene
    featured = draft.featured
    self.random = random
  }

  /// The next question of a category, or `nil` if the scene has none that was not asked yet.
  mutating func question(about category: SceneCategory) -> SceneQuestion? {
    for attempt in 0..<24 {
      guard let query = query(about: category), let answer = scene.answer(to: query) else { continue }
      // The same thing is asked twice, in other words, only where there is little else.
      if attempt < 12, category != .text, queries.contains(query) { continue }
      let question = SceneQuestion(query, answer: answer, form: form(for: query), random: &random)
      guard asked.insert(question.question).inserted else { continue }
      queries.insert(query)
      return question
    }
    return nil
  }

  /// Options are worth the name only where there are four of them.
  private mutating func form(for query: SceneQuery) -> SceneQuestion.Form {
    if query.isBoolean { return .yesNo }
    var forms: [SceneQuestion.Form] = query.possibleAnswers.count >= 4 ? [.choice, .short] : [.short]
    if !query.statements(of: query.possibleAnswers[0]).isEmpty { forms.append(.yesNo) }
    return random.element(of: forms)
  }

  private mutating func query(about category: SceneCategory) -> SceneQuery? {
    if category == .count, let featured, !queries.contains(featured) { return featured }
    let topics = SceneTopic.topics(of: category)
    let topic = topics[random.index(weights: topics.map(\.weight))]
    // Every picture lacks something; asking for it each time would make 0 the answer to guess.
    let isZeroWelcome = category != .count || random.chance(1, of: 3)
    let answered = topic.queries.compactMap { query in scene.answer(to: query).map { (query: query, answer: $0) } }
      .filter { isZeroWelcome || $0.answer != "0" }
    guard let target = target(among: answered.map(\.answer), yesPercent: topic.yesPercent) else { return nil }
    return random.element(of: answered.filter { $0.answer == target }.map(\.query))
  }

  /// An answer drawn from those that occur, each as likely as another one; yes and no are drawn before it is known
  /// whether they occur, since "yes" occurs in more pictures.
  private mutating func target(among answers: [String], yesPercent: Int) -> String? {
    let distinct = Set(answers).sorted()
    guard !distinct.isEmpty else { return nil }
    guard distinct.allSatisfy({ $0 == "yes" || $0 == "no" }) else { return random.element(of: distinct) }
    let wanted = random.chance(yesPercent, of: 100) ? "yes" : "no"
    return distinct.contains(wanted) ? wanted : nil
  }
}
