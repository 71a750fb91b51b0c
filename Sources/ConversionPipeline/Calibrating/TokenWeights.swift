/// What a row of an input counts, by what it stands for.
public struct TokenWeights: Sendable, Hashable {
  /// Weights that make sense: beyond these one kind would drown the other in float32.
  public static let permitted = 1e-6...1e6

  /// A word.
  public var language: Double
  /// A patch or latent.
  public var vision: Double

  /// Collects the fields.
  public init(language: Double, vision: Double) {
    self.language = language
    self.vision = vision
  }

  /// Words count 1 each, and all of the pictures together as much as all words together, but a patch never more than a
  /// word.
  ///
  /// A picture is hundreds of positions beside some fifty words. Counted alike, an error in the words, which the answer
  /// is read from, would hardly show beside the same error in patches that resemble each other.
  ///
  /// - Parameters:
  ///   - languageCount: words in the decoder's input.
  ///   - visionCount: patches and latents there.
  public static func balanced(languageCount: Int, visionCount: Int) -> TokenWeights {
    guard visionCount > languageCount, languageCount > 0 else { return TokenWeights(language: 1, vision: 1) }
    return TokenWeights(
      language: 1, vision: max(Double(languageCount) / Double(visionCount), permitted.lowerBound))
  }
}
