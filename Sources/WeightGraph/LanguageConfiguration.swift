import FusionCore

/// Sizes of the decoder; all counts are positive and capped.
public struct LanguageConfiguration: Sendable, Hashable {
  /// Width of the residual stream (`hidden_size`).
  public let hiddenSize: Int
  /// Width inside the MLP (`intermediate_size`).
  public let intermediateSize: Int
  /// Decoder layers (`num_hidden_layers`).
  public let layerCount: Int
  /// Query heads (`num_attention_heads`); they divide ``hiddenSize`` unless the width of a head is stated.
  public let headCount: Int
  /// Key and value heads (`num_key_value_heads`); they divide ``headCount``.
  public let keyValueHeadCount: Int
  /// Width of one head (`head_dim`, else hidden size over heads); even, since rotation works on pairs.
  public let headDimension: Int
  /// Rows of the embedding (`vocab_size`).
  public let vocabularySize: Int
  /// Whether the head is the embedding (`tie_word_embeddings`; false if the field is absent).
  public let tieWordEmbeddings: Bool
  /// Added to the mean square in RMSNorm (`rms_norm_eps`).
  public let rmsNormEpsilon: Double
  /// Activation of the MLP's gate (`hidden_act`).
  public let activation: Activation
  /// Whether the attention projections have biases (`attention_bias`; Phi-3 never has any).
  public let hasAttentionBias: Bool
  /// Whether the MLP projections have biases (`mlp_bias`; Phi-3 never has any).
  public let hasMLPBias: Bool
  /// How queries and keys are rotated.
  public let rotary: RotaryConfiguration
  /// Longest sequence in tokens (`max_position_embeddings`).
  public let maxPositionEmbeddings: Int
  /// How many of the latest positions a token sees (`sliding_window` of Phi-3); `nil` for all of them.
  public let slidingWindow: Int?
}

extension LanguageConfiguration {
  /// Reads the decoder's fields.
  ///
  /// The caps are a small multiple of the largest published model's values. Together they keep every product of sizes
  /// far below 2^63, so that shapes can be multiplied without a check.
  ///
  /// - Parameter notices: gets what a person should know.
  init(_ fields: ConfigurationFields, family: ModelFamily, notices: inout [String]) throws {
    hiddenSize = try fields.integer("hidden_size", in: 1...65_536, "published models stay below 20,000")
    intermediateSize = try fields.integer("intermediate_size", in: 1...1_048_576, "published models stay below 80,000")
    layerCount = try fields.integer("num_hidden_layers", in: 1...1_024, "published models stay below 150")
    headCount = try fields.integer("num_attention_heads", in: 1...1_024, "published models stay below 150")
    keyValueHeadCount =
      try fields.optionalInteger("num_key_value_heads", in: 1...1_024, "as num_attention_heads") ?? headCount
    vocabularySize = try fields.integer("vocab_size", in: 1...16_777_216, "published models stay below 300,000")
    let statedHead = try fields.optionalInteger("head_dim", in: 1...4_096, "published models stay below 600")
    guard statedHead != nil || hiddenSize % headCount == 0 else {
      throw fields.inconsistent(
        "num_attention_heads", "a divisor of hidden_size \(hiddenSize)", "\(headCount)")
    }
    guard headCount % keyValueHeadCount == 0 else {
      throw fields.inconsistent(
        "num_key_value_heads", "a divisor of num_attention_heads \(headCount)", "\(keyValueHeadCount)")
    }
    headDimension = statedHead ?? hiddenSize / headCount
    guard headDimension % 2 == 0 else {
      throw fields.inconsistent(
        fields["head_dim"] == nil ? "num_attention_heads" : "head_dim",
        "an even width of a head, since rotation works on pairs", "\(headDimension)")
    }
    tieWordEmbeddings = try fields.optionalBool("tie_word_embeddings") ?? false
    rmsNormEpsilon =
      try fields.optionalPositiveNumber("rms_norm_eps", upTo: 1) ?? (family.hasFusedRows ? 1e-5 : 1e-6)
    activation = try fields.activation("hidden_act", default: .silu)
    hasAttentionBias = try fields.optionalBool("attention_bias") ?? false && !family.hasFusedRows
    hasMLPBias = try fields.optionalBool("mlp_bias") ?? false && !family.hasFusedRows
    maxPositionEmbeddings =
      try fields.optionalInteger("max_position_embeddings", in: Self.lengths, Self.lengthReason)
      ?? (family.hasFusedRows ? 4_096 : 2_048)
    rotary = try RotaryConfiguration(
      fields, family: family, headDimension: headDimension, maximumLength: maxPositionEmbeddings, notices: &notices)
    slidingWindow =
      family.hasFusedRows ? try fields.optionalInteger("sliding_window", in: Self.lengths, Self.lengthReason) : nil
  }

  /// Lengths of a text in tokens that a configuration may state.
  static let lengths = 1...(1 << 28)
  static let lengthReason = "published models stay below 20 million"
}

extension ConfigurationFields {
  func activation(_ name: String, default fallback: Activation) throws -> Activation {
    guard let text = try optionalString(name) else { return fallback }
    guard let activation = Activation(name: text) else {
      throw unsupported(name, "one of " + Activation.allNames.joined(separator: ", "), String(text.prefix(80)))
    }
    return activation
  }
}
