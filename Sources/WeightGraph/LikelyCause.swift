/// One reason that explains many problems at once.
public enum LikelyCause: Sendable, Hashable {
  /// Names or types show codes and scales instead of weights.
  case alreadyQuantized(tensorCount: Int, example: String)
  /// The file holds low-rank updates to be merged into a model.
  case loraAdapter(tensorCount: Int, example: String)
  /// The names would fit with another beginning.
  case wrongPrefix(PrefixChange, fittingCount: Int)
  /// The names are those of another family: rows are fused or separate, vision tensors there, against `model_type`.
  case otherFamily(configured: ModelFamily, found: ModelFamily)
  /// Projectors or samplers are there, but next to nothing of the language model.
  case projectorsOnly
  /// The language model is there, but next to nothing of the vision tower.
  case languageModelOnly
  /// `field` of the configuration counts other layers than the checkpoint has.
  case layerCount(field: String, configured: Int, found: Int)
  /// Layers are missing between others; `layers` names them as ranges.
  case layerGap(part: ModelPart, layers: String)
  /// Tensors have another size than the field of the configuration, or of the published tower, that `source` names.
  case configurationValue(source: String, field: String, configured: Int, found: Int, tensorCount: Int)
  /// Only the output head is missing, and nothing says that it is the embedding.
  case headMissing

  /// The reason in one sentence.
  public var sentence: String {
    switch self {
    case .alreadyQuantized(let count, let example):
      "the checkpoint is quantized already (\(LikelyCause.tensors(count)), such as \(example.prefix(120)))"
    case .loraAdapter(let count, let example):
      "this is a LoRA adapter, not a model (\(LikelyCause.tensors(count)), such as \(example.prefix(120)))"
    case .wrongPrefix(let change, let count): "\(count) names would fit \(change.condition)"
    case .otherFamily(let configured, let found):
      "model_type is \(configured.rawValue), but the tensors have the names of \(found.rawValue)"
    case .projectorsOnly: "these are the projectors and samplers alone, without their language model"
    case .languageModelOnly: "this is the language model alone, without the vision tower"
    case .layerCount(let field, let configured, let found):
      "config.json \(field) is \(configured), the tensors make it \(found)"
    case .layerGap(let part, let layers): "layers \(layers) of the part \(part.rawValue) are missing between others"
    case .configurationValue(let source, let field, let configured, let found, let count):
      "\(source) \(field) is \(configured), but \(found) in \(LikelyCause.tensors(count))"
    case .headMissing: "lm_head.weight is missing, and tie_word_embeddings is not set"
    }
  }

  /// What the user can do about it.
  public var remedy: String {
    switch self {
    case .alreadyQuantized: "start from the published checkpoint in bf16"
    case .loraAdapter: "merge the adapter into its base model first"
    case .wrongPrefix(let change, _): change.remedy
    case .otherFamily(_, let found): "use the config.json of this checkpoint, whose model_type is \(found.rawValue)"
    case .projectorsOnly: "name the full checkpoint, or merge these tensors into their language model first"
    case .languageModelOnly: "name the full FUSION checkpoint, or give it the config.json of the language model"
    case .layerCount, .configurationValue: "use the config.json that was published with these weights"
    case .layerGap: "check that every shard is there and complete"
    case .headMissing: "set tie_word_embeddings in config.json if the model ties them, otherwise find the missing shard"
    }
  }

  private static func tensors(_ count: Int) -> String { count == 1 ? "1 tensor" : "\(count) tensors" }

  /// Whether the reason concerns the file as a whole, so that no further reason is looked for.
  var isConclusive: Bool {
    switch self {
    case .alreadyQuantized, .loraAdapter, .wrongPrefix, .otherFamily, .projectorsOnly: true
    default: false
    }
  }
}
