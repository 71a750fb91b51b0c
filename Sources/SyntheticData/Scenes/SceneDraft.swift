/// A scene with the question that it was laid out for, if there is one.
struct SceneDraft {
  var scene: Scene
  /// A count whose answer was drawn first, so that all answers are equally frequent.
  var featured: SceneQuery?
}
