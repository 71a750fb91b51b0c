import FusionCore

/// What config.json says about a model, checked: family, sizes, and how language and vision work on each other.
///
/// Only numbers and names are read. A chat template in a configuration or tokenizer file can be a program; nothing
/// here evaluates one, and the conversion carries such files on as bytes.
public struct ModelConfiguration: Sendable, Hashable {
  /// Bytes that a config.json may have; published ones stay below 100 KiB.
  public static let maximumByteCount = 4 << 20

  /// Which graph the model has.
  public let family: ModelFamily
  /// Sizes of the decoder.
  public let language: LanguageConfiguration
  /// Sizes of the vision tower; `nil` for a language model alone, and for a tower that only tensor shapes can tell
  /// (see ``completed(by:)``).
  public let vision: VisionConfiguration?
  /// The tower's repository or path (`mm_vision_tower`), for reports.
  public let visionTower: String?
  /// The samplers; `nil` for a language model alone.
  public let interaction: InteractionConfiguration?
  /// Tokens at which the published code cuts a prompt (`tokenizer_model_max_length`), where the file says it.
  public let promptTokenLimit: Int?
  /// Assumptions that a user should know of, one sentence each.
  public let notices: [String]

  /// Whether every size is known, so that all tensors can be listed.
  public var isComplete: Bool { vision != nil || !family.hasVision }
}

extension ModelConfiguration {
  /// Reads and checks the bytes of a config.json.
  ///
  /// - Parameters:
  ///   - json: the whole file, at most ``maximumByteCount`` bytes.
  ///   - file: its path, for errors.
  /// - Throws: `FusionError` with one of the `json.…` codes or of the `config.…` codes: `.configurationTooLarge`,
  ///   `.configurationTooComplex`, `.configurationDuplicateField`, `.configurationMissingField`,
  ///   `.configurationWrongType`, `.configurationOutOfRange`, `.configurationInconsistent`,
  ///   `.configurationUnsupported`, `.configurationAlreadyQuantized`.
  public init(json: [UInt8], file: String) throws {
    guard json.count <= ModelConfiguration.maximumByteCount else {
      throw FusionError(
        .configurationTooLarge, "the configuration is too large", file: file,
        expected: "at most \(ModelConfiguration.maximumByteCount) bytes", found: "\(json.count) bytes",
        remedy: "check that this is the model's own config.json")
    }
    let fields = ConfigurationFields(try JSONValue.parseObject(json, file: file), file: file)
    try ModelConfiguration.refuseQuantized(fields)
    let family = try ModelConfiguration.family(fields)
    var notices: [String] = []
    let language = try LanguageConfiguration(fields, family: family, notices: &notices)
    var vision: VisionConfiguration?
    var tower: String?
    var interaction: InteractionConfiguration?
    if family.hasVision {
      tower = try fields.optionalString("mm_vision_tower")
      vision = try ModelConfiguration.vision(fields, tower: tower)
      let read = try InteractionConfiguration(fields)
      let working = read.samplerLayers(layerCount: language.layerCount).count
      if working < read.samplerCount {
        notices.append(
          "only \(working) of \(read.samplerCount) samplers come before the last of \(language.layerCount) decoder "
            + "layers; the others are kept but never used")
      }
      interaction = read
      if let shape = try fields.optionalString("image_aspect_ratio"), shape != "static_hd" {
        notices.append(
          "image_aspect_ratio \"\(shape.prefix(40))\" has no effect: pictures become five square crops, as FUSION was trained"
        )
      }
    }
    self.init(
      family: family, language: language, vision: vision, visionTower: tower, interaction: interaction,
      promptTokenLimit: try fields.optionalInteger(
        "tokenizer_model_max_length", in: LanguageConfiguration.lengths, LanguageConfiguration.lengthReason),
      notices: notices)
  }

  private static func refuseQuantized(_ fields: ConfigurationFields) throws {
    guard let value = fields["quantization_config"] else { return }
    var method = "a quantization_config"
    if case .object(let inner) = value, case .string(let name)? = inner["quant_method"] {
      method = "quant_method \(name.prefix(40))"
    }
    throw FusionError(
      .configurationAlreadyQuantized, "the checkpoint is quantized already", file: fields.file,
      place: "quantization_config", expected: "no such field: weights in bf16, f16 or f32", found: method,
      remedy: "start from the published checkpoint in bf16; what quantization has lost cannot be brought back")
  }

  private static func family(_ fields: ConfigurationFields) throws -> ModelFamily {
    let known = "one of " + ModelFamily.allCases.map(\.rawValue).joined(separator: ", ")
    guard let name = try fields.optionalString("model_type") else { throw fields.missing("model_type", known) }
    guard let family = ModelFamily(rawValue: name) else {
      throw fields.unsupported("model_type", known, String(name.prefix(80)))
    }
    return family
  }

  private static func vision(_ fields: ConfigurationFields, tower: String?) throws -> VisionConfiguration? {
    let projector = try fields.optionalString("mm_projector_type") ?? "mlp2x_gelu"
    guard projector == "mlp2x_gelu" else {
      throw fields.unsupported("mm_projector_type", "mlp2x_gelu", String(projector.prefix(80)))
    }
    var vision: VisionConfiguration?
    if let object = try fields.optionalObject("vision_config") {
      vision = try VisionConfiguration(object)
    } else if let tower {
      vision = VisionConfiguration(knownTower: tower)
    }
    let width = try fields.optionalInteger(
      "mm_hidden_size", in: VisionConfiguration.hiddenSizes, "published towers stay far below")
    if let vision, let width, width != vision.hiddenSize {
      let source = vision.origin == .visionConfig ? "vision_config.hidden_size" : "mm_vision_tower's hidden size"
      throw fields.inconsistent("mm_hidden_size", "\(source) \(vision.hiddenSize)", "\(width)")
    }
    return vision
  }
}
