/// A scene with its words and the questions about it.
public struct ScenePicture: Sendable, Hashable {
  /// What is to be drawn.
  public var scene: Scene
  /// One sentence.
  public var caption: String
  /// Several sentences, with sizes and positions.
  public var description: String
  /// ``SceneSampler/questionsPerPicture`` questions that the scene answers.
  public var questions: [SceneQuestion]
}
