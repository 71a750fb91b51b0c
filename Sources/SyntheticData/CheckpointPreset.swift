/// A checkpoint of known sizes that can be made without the published weights.
///
/// A preset gives the configuration files; the weight graph of that configuration says which tensors belong to it, and
/// ``SyntheticWeights`` makes their values.
public struct CheckpointPreset: RawRepresentable, CaseIterable, Sendable, Hashable {
  /// The name that options take.
  public let rawValue: String
  /// One line for a list of presets.
  public let summary: String

  let language: LanguageModel
  private let vision: VisionModel?

  private init(_ name: String, _ summary: String, _ language: LanguageModel, _ vision: VisionModel? = nil) {
    rawValue = name
    self.summary = summary
    self.language = language
    self.vision = vision
  }

  /// All presets, the published sizes first.
  ///
  /// FUSION-L is FUSION with fewer image tokens: the tensors are the same, and the published code has no field for it.
  public static let allCases: [CheckpointPreset] = [
    Self("fusion-3b", "FUSION 3B: Phi-3.5-mini, SigLIP-SO400M; 5.1 B weights", .phi35Mini, .so400m),
    Self("fusion-x-3b", "FUSION-X 3B: Phi-3.5-mini, SigLIP2-giant-opt; 5.8 B weights", .phi35Mini, .giant),
    Self("fusion-l-3b", "FUSION-L 3B: the tensors of fusion-3b", .phi35Mini, .so400m),
    Self("fusion-8b", "FUSION 8B: LLaMA-3.1-8B, SigLIP-SO400M; 10.0 B weights", .llama31With8B, .so400m),
    Self("fusion-x-8b", "FUSION-X 8B: LLaMA-3.1-8B, SigLIP2-giant-opt; 10.7 B weights", .llama31With8B, .giant),
    Self("fusion-l-8b", "FUSION-L 8B: the tensors of fusion-8b", .llama31With8B, .so400m),
    Self("phi-3.5-mini", "the language model of FUSION 3B; 3.8 B weights", .phi35Mini),
    Self("llama-3.1-8b", "the language model of FUSION 8B; 8.0 B weights", .llama31With8B),
    Self("llama-3.2-1b", "a language model with tied embeddings; 1.2 B weights", .llama32With1B),
    Self("tiny-fusion-3b", "the structure of fusion-3b with narrow layers", .tinyPhi, .tinySO400M),
    Self("tiny-fusion-x-8b", "the structure of fusion-x-8b with narrow layers", .tinyLlama, .tinyGiant),
    Self("tiny-phi", "the structure of phi-3.5-mini with narrow layers", .tinyPhi),
    Self("tiny-llama", "the structure of llama-3.1-8b with narrow layers", .tinyLlama),
  ]

  /// The preset of a name, or `nil` if there is none.
  public init?(rawValue: String) {
    guard let preset = CheckpointPreset.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = preset
  }

  /// The preset of a name as a user types it: `tiny` is short for `tiny-fusion-3b`; `nil` if there is none.
  public init?(name: String) { self.init(rawValue: name == "tiny" ? "tiny-fusion-3b" : name) }

  /// Whether the checkpoint has an image tower, projectors and samplers.
  public var isFusion: Bool { vision != nil }

  /// The bytes of `config.json`, in the form of the published one.
  public var configurationJSON: [UInt8] {
    var fields = language.configurationFields
    fields["transformers_version"] = .string(libraryVersion)
    fields["architectures"] = .list([.string(architecture)])
    fields["model_type"] = .string(modelType)
    fields["vocab_size"] = .integer(
      isFusion ? language.vocabularySizeWithVisionTokens : language.vocabularySize)
    if let vision {
      fields.merge(vision.configurationFields) { _, added in added }
      if case .llama = language.family { fields["head_dim"] = .integer(language.hiddenSize / language.headCount) }
    }
    return ConfigurationValue.object(fields).fileBytes
  }

  /// The bytes of `generation_config.json`, in the form of the published one.
  public var generationConfigurationJSON: [UInt8] {
    var fields = language.generationFields
    fields["transformers_version"] = .string(libraryVersion)
    return ConfigurationValue.object(fields).fileBytes
  }

  /// FUSION's files were all published with one version of the library.
  private var libraryVersion: String { isFusion ? "4.48.1" : language.libraryVersion }

  private var modelType: String {
    switch language.family {
    case .phi: isFusion ? "fusion_phi" : "phi3"
    case .llama: isFusion ? "fusion_llama" : "llama"
    }
  }

  private var architecture: String {
    switch language.family {
    case .phi: isFusion ? "FusionPhiForCausalLM" : "Phi3ForCausalLM"
    case .llama: isFusion ? "FusionLlamaForCausalLM" : "LlamaForCausalLM"
    }
  }
}
