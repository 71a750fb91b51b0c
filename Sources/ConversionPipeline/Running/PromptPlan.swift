import FusionCore
import FusionRuntime
import ImagePreprocessing
import TextTokenizer
import WeightGraph

/// A request held against the model: checked options, and what each turn's prompt is made of.
final class PromptPlan {
  let request: RunRequest
  let template: ConversationTemplate
  /// `nil` without a picture, and not for a blank one.
  let queryLength: Int?
  /// `nil` without a picture, and for a blank one.
  let imageTokenCount: Int?
  /// The five crops, once the picture was read.
  private(set) var crops: [RGBImage] = []

  /// What a person should know of the request, once each.
  private(set) var notices: [String]

  private let runner: ModelRunner
  private(set) var pixels: [ImageCropPixels] = []

  /// Checks a request.
  ///
  /// - Throws: `.runOption` that names the option.
  init(_ request: RunRequest, _ runner: ModelRunner) throws {
    self.request = request
    self.runner = runner
    notices = request.notices
    let texts = request.questions + [request.systemPrompt].compactMap { $0 }
    let words = ImageMarker.allCases.map(\.rawValue).filter { word in texts.contains { $0.contains(word) } }
    if !words.isEmpty {
      notices.append(
        "\(words.joined(separator: ", ")) in a text \(words.count == 1 ? "is" : "are") left out: a picture is given with"
          + " --image alone")
    }
    let configuration = runner.model.configuration
    template = request.template ?? ConversationTemplate(family: configuration.family)
    guard !request.questions.isEmpty else {
      throw FusionError.runOption("prompt", "at least one question", "none")
    }
    guard request.maximumTokenCount >= 1 else {
      throw FusionError.runOption("max-tokens", "at least 1", "\(request.maximumTokenCount)")
    }
    let hasPicture = request.picture != nil || request.isBlankImage
    guard request.picture == nil || !request.isBlankImage else {
      throw FusionError.runOption("blank-image", "a picture or none", "both")
    }
    guard hasPicture else {
      let pictureOptions = [("query-len", request.queryLength), ("image-tokens", request.imageTokenCount)]
      for case (let name, let value?) in pictureOptions {
        throw FusionError.runOption(name, "a picture that it is about", "\(value) and no picture")
      }
      queryLength = nil
      imageTokenCount = nil
      return
    }
    guard let vision = configuration.vision, let interaction = configuration.interaction else {
      throw FusionError.runOption(
        request.isBlankImage ? "blank-image" : "image", "a FUSION model",
        "\(configuration.family.rawValue), which sees no pictures")
    }
    queryLength = try Self.queryLength(request, interaction)
    if request.isBlankImage, let asked = request.imageTokenCount {
      throw FusionError.runOption("image-tokens", "a picture that it is about", "\(asked) and a blank one")
    }
    imageTokenCount = request.isBlankImage ? nil : try Self.imageTokenCount(request, vision)
  }

  private static func queryLength(_ request: RunRequest, _ interaction: InteractionConfiguration) throws -> Int {
    let known = interaction.queryLengths
    guard let asked = request.queryLength else { return known.max() ?? 1 }
    guard known.contains(asked) else {
      throw FusionError.runOption(
        "query-len", "one of \(known.map(String.init).joined(separator: ", ")), as the model was trained", "\(asked)")
    }
    return asked
  }

  private static func imageTokenCount(_ request: RunRequest, _ vision: VisionConfiguration) throws -> Int {
    guard let asked = request.imageTokenCount else { return vision.patchCount }
    guard asked.squareRoot != nil, asked <= vision.patchCount else {
      throw FusionError.runOption("image-tokens", "a perfect square up to \(vision.patchCount)", "\(asked)")
    }
    return asked
  }

  /// An empty conversation of this kind.
  var conversation: Conversation {
    Conversation(
      template: template, systemPrompt: request.systemPrompt,
      markers: request.picture != nil ? .image : request.isBlankImage ? .latentsOnly : .none,
      wrapsImage: runner.model.configuration.interaction?.wrapsImages ?? true)
  }

  var pictureUse: PictureUse { request.isBlankImage ? .blank : .shown }

  /// Reads the picture, if there is one.
  func readPicture() throws {
    guard let vision = runner.model.configuration.vision, queryLength != nil else { return }
    if let picture = request.picture {
      let read = try PictureReader.crops(
        picture, side: vision.imageSize, memoryLimit: request.pictureMemoryLimit)
      crops = read.crops
      notices += read.notices
      pixels = crops.map(PictureReader.pixels)
    } else {
      pixels = (0..<5).map { _ in .zeros(side: vision.imageSize) }
    }
  }

  /// Ids of what the model reads next.
  ///
  /// - Throws: `.promptWithoutTokens` if the tokenizer makes nothing of it, or of a turn of it.
  func tokens(of conversation: Conversation) throws -> PromptTokens {
    let ids = runner.tokenizer.encodePrompt(conversation.prompt)
    // Every turn's prompt begins the next one, so its length tells where its last token is there.
    let ends = (0..<conversation.turnCount).map { turn in
      min(runner.tokenizer.encodePrompt(conversation.prompt(ofTurn: turn)).count, ids.count) - 1
    }
    guard ids.contains(where: { $0 >= 0 }), ends.allSatisfy({ $0 >= 0 }), ends == ends.sorted() else {
      throw FusionError(
        .promptWithoutTokens, "the tokenizer makes no tokens of a prompt", file: runner.model.path,
        place: runner.tokenizer.summary, expected: "tokens for every question, after those of earlier ones",
        found:
          "\(ids.filter { $0 >= 0 }.count) tokens of \(conversation.prompt.utf8.count) bytes, questions ending at \(ends)",
        remedy: "check the vocabulary in the tokenizer's files: it may be empty, or not the model's")
    }
    return PromptTokens(ids: ids, questionEnds: ends)
  }

  /// Ids of the instruction that guides the tower.
  func instruction(of conversation: Conversation) -> [Int] {
    guard !request.isBlankImage else { return [0] }
    let ids = runner.tokenizer.encode(conversation.instruction)
    return ids.isEmpty ? [0] : ids
  }

  /// Positions that are left for the answer.
  ///
  /// - Throws: `.promptTooLong` if there is none.
  func answerCapacity(_ prompt: PromptTokens) throws -> Int {
    let limit = runner.model.configuration.language.maxPositionEmbeddings
    let length = try PromptLayout(
      prompt, imageTokenCount: imageTokenCount, queryLength: queryLength ?? 0
    ).length
    guard length < limit else {
      throw FusionError(
        .promptTooLong, "the prompt does not fit into the model's context", file: runner.model.path,
        place: "max_position_embeddings", expected: "at most \(limit - 1) positions, and one for the answer",
        found: "\(length) positions", remedy: "shorten the prompt or the conversation")
    }
    if let cut = runner.model.configuration.promptTokenLimit, length > cut {
      let notice =
        "the prompt has \(length) positions; the published code would cut it at tokenizer_model_max_length, \(cut), and here it"
        + " is read whole"
      if !notices.contains(notice) { notices.append(notice) }
    }
    return min(request.maximumTokenCount, limit - length)
  }

  /// What the picture and the questions so far become; `nil` without a picture.
  func features(
    for conversation: Conversation, progress: ProgressHandler?, recorder: (any ActivationRecorder)?
  ) throws -> VisionFeatures? {
    guard let queryLength else { return nil }
    return try runner.runtime.encode(
      VisionRequest(
        crops: pixels, instruction: instruction(of: conversation), queryLength: queryLength,
        imageTokenCount: request.imageTokenCount), recorder: recorder
    ) { progress?(ProgressUpdate(step: "looking at the picture", done: $0, total: $1, unit: .layers)) }
  }

  /// Reads a prompt.
  func prefill(
    _ prompt: PromptTokens, _ features: VisionFeatures?, answerCapacity: Int, progress: ProgressHandler?,
    recorder: (any ActivationRecorder)? = nil
  ) throws -> Prefill {
    try runner.runtime.prefill(
      prompt, features: features, picture: pictureUse, answerCapacity: answerCapacity, recorder: recorder
    ) { progress?(ProgressUpdate(step: "reading the prompt", done: $0, total: $1, unit: .layers)) }
  }
}

extension FusionError {
  static func runOption(_ option: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .runOption, "an option does not fit the model or the request", place: option, expected: expected, found: found,
      remedy: "change \(option), or leave it out")
  }
}

extension FusionError.Code {
  /// An option of a run that contradicts another one or the model.
  public static let runOption = Self("run.option", .usage)
  /// A tokenizer that makes nothing of a prompt.
  public static let promptWithoutTokens = Self("run.promptWithoutTokens")
}
