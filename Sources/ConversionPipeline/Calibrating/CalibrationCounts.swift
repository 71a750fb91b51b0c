/// What the samples of a calibration hold.
struct CalibrationCounts: Sendable {
  /// Samples with a picture.
  var pictures = 0
  /// Words in the decoder's input.
  private(set) var language = 0
  /// Patches and latents there.
  private(set) var vision = 0
  /// Positions of the longest sample.
  private(set) var longest = 0

  /// Adds a sample.
  mutating func add(language: Int, vision: Int) {
    self.language += language
    self.vision += vision
    longest = max(longest, language + vision)
  }
}
