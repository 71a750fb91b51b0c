import FusionCore

/// Where everything of a prompt is once its placeholders are filled.
public struct PromptLayout: Sendable, Hashable {
  /// What a run of positions holds.
  public enum Piece: Sendable, Hashable {
    /// Tokens of text.
    case text([Int])
    /// The picture.
    case image
    /// A block of latents.
    case latents
  }

  /// The pieces in order.
  public let pieces: [Piece]
  /// Positions of all.
  public let length: Int
  /// Positions of all latents, block by block.
  public let latentPositions: [Int]
  /// Position of the last prompt token of each turn that has latents.
  public let questionPositions: [Int]
  /// For each id of the prompt the position of it, or of the first position of what fills it.
  public let positions: [Int]
  /// What the positions stand for: picture and latents are vision, everything else is language.
  public let kinds: RowKinds

  /// Fills placeholders: the first takes the picture, whichever marker it is, every later one a block of latents. This
  /// is the reference's rule.
  ///
  /// - Parameters:
  ///   - imageTokenCount: positions of the picture; `nil` without a picture: then the first takes latents too.
  ///   - queryLength: positions of a block of latents.
  /// - Throws: `.latentsWithoutQuestion` if there are not as many blocks as turns.
  public init(_ prompt: PromptTokens, imageTokenCount: Int?, queryLength: Int) throws {
    var pieces: [Piece] = []
    var text: [Int] = []
    var positions: [Int] = []
    var latents: [Int] = []
    var vision: [Range<Int>] = []
    var length = 0
    var isFirst = true
    func flush() {
      if !text.isEmpty { pieces.append(.text(text)) }
      text = []
    }
    for id in prompt.ids {
      positions.append(length)
      guard PromptTokens.isPlaceholder(id) else {
        text.append(id)
        length += 1
        continue
      }
      flush()
      let start = length
      if isFirst, let imageTokenCount {
        pieces.append(.image)
        length += imageTokenCount
      } else {
        pieces.append(.latents)
        latents += length..<(length + queryLength)
        length += queryLength
      }
      isFirst = false
      if length > start { vision.append(start..<length) }
    }
    flush()
    let blockCount = queryLength == 0 ? 0 : latents.count / queryLength
    guard blockCount == 0 || blockCount == prompt.questionEnds.count else {
      throw FusionError(
        .latentsWithoutQuestion, "the prompt has not as many blocks of latents as questions",
        expected: "\(prompt.questionEnds.count) placeholders after that of the picture", found: "\(blockCount)",
        remedy: "leave out the image markers in the prompt; the template sets them")
    }
    self.pieces = pieces
    self.length = length
    self.positions = positions
    latentPositions = latents
    kinds = vision.isEmpty ? .language : .mixed(vision: vision)
    questionPositions = prompt.questionEnds.map { positions[$0] }
  }
}

extension FusionError.Code {
  /// Placeholders and turns of a prompt do not match.
  public static let latentsWithoutQuestion = Self("runtime.latentsWithoutQuestion", .usage)
}
