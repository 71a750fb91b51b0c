import FusionCore

/// A prompt as token ids, with placeholders where the picture and the latents go.
public struct PromptTokens: Sendable, Hashable {
  /// Stands for `<image>`.
  public static let imagePlaceholder = ImageSlot.image.placeholder
  /// Stands for `<latent_image>`.
  public static let latentPlaceholder = ImageSlot.latents.placeholder

  /// Ids and placeholders.
  public var ids: [Int]
  /// For each turn the index in ``ids`` of the last token before its answer, in order.
  public var questionEnds: [Int]

  /// Collects the fields.
  ///
  /// - Precondition: at least one id, and ends in order inside of the ids.
  public init(ids: [Int], questionEnds: [Int]) {
    precondition(!ids.isEmpty, "no tokens")
    precondition(
      questionEnds.allSatisfy(ids.indices.contains) && questionEnds == questionEnds.sorted(), "\(questionEnds)")
    self.ids = ids
    self.questionEnds = questionEnds
  }

  /// A prompt of one turn.
  public init(ids: [Int]) { self.init(ids: ids, questionEnds: [ids.count - 1]) }

  /// Whether a token is a placeholder.
  static func isPlaceholder(_ id: Int) -> Bool { id == imagePlaceholder || id == latentPlaceholder }
}
