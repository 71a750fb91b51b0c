/// Divergence of the predictions, for samples with a picture, without one, and for all.
public struct OutputDifferences: Codable, Sendable, Equatable {
  /// Prompts with a picture; nil if there are none.
  public var image: OutputDivergence?
  /// Prompts of text alone; nil if there are none.
  public var text: OutputDivergence?
  /// Both together; nil if nothing was predicted.
  public var all: OutputDivergence?

  /// Collects the fields.
  public init(
    image: OutputDivergence? = nil, text: OutputDivergence? = nil, all: OutputDivergence? = nil
  ) {
    self.image = image
    self.text = text
    self.all = all
  }
}
