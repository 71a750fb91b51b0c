/// The kinds of model that have a canonical graph; the raw value is `model_type` in config.json.
public enum ModelFamily: String, Sendable, CaseIterable, Codable {
  /// FUSION over Phi-3.5: fused attention and MLP rows.
  case fusionPhi = "fusion_phi"
  /// FUSION over LLaMA-3.1: separate projections.
  case fusionLlama = "fusion_llama"
  /// The language model of ``fusionPhi`` alone.
  case phi3
  /// The language model of ``fusionLlama`` alone.
  case llama

  /// Whether the model has a vision tower, projectors and samplers.
  public var hasVision: Bool { self == .fusionPhi || self == .fusionLlama }

  /// Whether query, key and value rows share one tensor, and gate and up rows another.
  public var hasFusedRows: Bool { self == .fusionPhi || self == .phi3 }
}
