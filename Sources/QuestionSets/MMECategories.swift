/// The categories of MME, whose scores are added up in two groups.
public enum MMECategories {
  /// Seeing: ten categories, 2000 points together.
  public static let perception = [
    "existence", "count", "position", "color", "posters", "celebrity", "scene", "landmark", "artwork", "OCR",
  ]
  /// Thinking: four categories, 800 points together.
  public static let cognition = [
    "commonsense_reasoning", "numerical_calculation", "text_translation", "code_reasoning",
  ]
  /// All of them.
  public static let all = Set(perception + cognition)
}
