/// Scenes with questions, each a function of a seed and a number.
///
/// A picture depends on no other one: they can be made in any order on any thread, and the first pictures of a large set
/// are those of a small one.
public struct SceneSampler: Sendable {
  /// Questions about each picture.
  public static let questionsPerPicture = 5

  /// Decides every scene and every question.
  public let seed: UInt64
  /// What questions may be about.
  public let categories: Set<SceneCategory>

  /// Collects the fields.
  ///
  /// - Precondition: at least one category.
  public init(seed: UInt64, categories: Set<SceneCategory> = Set(SceneCategory.allCases)) {
    precondition(!categories.isEmpty, "questions about nothing")
    self.seed = seed
    self.categories = categories
  }

  /// The picture of a number, 0 or greater.
  public func picture(_ number: Int) -> ScenePicture {
    let plan = SceneKind.plan(picture: number, categories: categories)
    var attempt: UInt64 = 0
    while true {
      var generator = SceneGenerator(random: SceneRandom(seed: seed, picture: number, stream: 2 * attempt))
      let draft = generator.draft(of: plan.kind)
      var random = SceneRandom(seed: seed, picture: number, stream: 2 * attempt + 1)
      let isDescribed = random.chance(1, of: 14)
      var interview = SceneInterview(draft, random: random)
      var questions = plan.categories.dropLast(isDescribed ? 1 : 0).compactMap { interview.question(about: $0) }
      if isDescribed, let category = plan.categories.last {
        questions.append(
          SceneQuestion(description: draft.scene.detailedDescription, category: category, random: &random))
      }
      // A scene with too little to ask about is laid out anew.
      if questions.count == Self.questionsPerPicture {
        return ScenePicture(
          scene: draft.scene, caption: draft.scene.caption, description: draft.scene.detailedDescription,
          questions: questions)
      }
      attempt += 1
    }
  }
}
