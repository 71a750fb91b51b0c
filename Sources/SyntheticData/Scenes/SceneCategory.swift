/// What a question is about; the raw value is the category that question files state.
public enum SceneCategory: String, Sendable, Hashable, CaseIterable {
  /// Colours of objects, letters and backgrounds.
  case color = "SynthColor"
  /// How many there are.
  case count = "SynthCount"
  /// Where something is.
  case spatial = "SynthSpatial"
  /// The place and the time of day.
  case scene = "SynthScene"
  /// Printed words and numbers.
  case text = "SynthText"
  /// Two panels side by side.
  case contrast = "SynthContrast"
  /// What takes a comparison of objects.
  case reasoning = "SynthReasoning"
}
