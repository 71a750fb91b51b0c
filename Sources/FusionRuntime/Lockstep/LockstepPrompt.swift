/// One prompt of a pass over several.
public struct LockstepPrompt: Sendable {
  /// Ids and placeholders, with the right answer if there is one.
  public var tokens: PromptTokens
  /// The picture and what is asked of it; `nil` for text alone.
  public var vision: VisionRequest?

  /// Collects the fields.
  public init(tokens: PromptTokens, vision: VisionRequest?) {
    self.tokens = tokens
    self.vision = vision
  }
}
