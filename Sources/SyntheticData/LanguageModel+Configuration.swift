extension LanguageModel {
  /// The fields of a configuration file that a language model alone has, but for architecture, model type,
  /// vocabulary and version.
  var configurationFields: [String: ConfigurationValue] {
    var fields: [String: ConfigurationValue] = [
      "attention_bias": false,
      "attention_dropout": 0.0,
      "bos_token_id": .integer(beginToken),
      "hidden_act": "silu",
      "hidden_size": .integer(hiddenSize),
      "initializer_range": 0.02,
      "intermediate_size": .integer(mlpSize),
      "max_position_embeddings": 131_072,
      "num_attention_heads": .integer(headCount),
      "num_hidden_layers": .integer(layerCount),
      "num_key_value_heads": .integer(keyValueHeadCount),
      "rms_norm_eps": 1e-05,
      "tie_word_embeddings": .boolean(isTied),
      "torch_dtype": "bfloat16",
      "use_cache": true,
    ]
    let others = family == .phi ? phiFields : llamaFields
    fields.merge(others) { _, other in other }
    return fields
  }

  /// The fields of `generation_config.json`, but for the version.
  var generationFields: [String: ConfigurationValue] {
    var fields: [String: ConfigurationValue] = [
      "bos_token_id": .integer(beginToken),
      "eos_token_id": .list(endTokens.map { .integer($0) }),
    ]
    if family == .phi { fields["pad_token_id"] = paddingToken }
    return fields
  }

  private var paddingToken: ConfigurationValue {
    guard let token = endTokens.last else { preconditionFailure("a language model without an end token") }
    return .integer(token)
  }

  private var phiFields: [String: ConfigurationValue] {
    [
      "embd_pdrop": 0.0,
      "eos_token_id": paddingToken,
      "original_max_position_embeddings": 4096,
      "pad_token_id": paddingToken,
      "resid_pdrop": 0.0,
      "rope_scaling": .object([
        "long_factor": ropeFactors(from: 1.08, to: 64, bend: { $0 * $0 }),
        "short_factor": ropeFactors(from: 1.02, to: 2.8, bend: { $0 * $0.squareRoot() }),
        "type": "longrope",
      ]),
      "rope_theta": 10_000.0,
      "sliding_window": 262_144,
    ]
  }

  private var llamaFields: [String: ConfigurationValue] {
    guard case .llama(let ropeFactor) = family else { preconditionFailure("not a LLaMA") }
    var fields: [String: ConfigurationValue] = [
      "eos_token_id": .list(endTokens.map { .integer($0) }),
      "mlp_bias": false,
      "pretraining_tp": 1,
      "rope_scaling": .object([
        "factor": .float(ropeFactor),
        "high_freq_factor": 4.0,
        "low_freq_factor": 1.0,
        "original_max_position_embeddings": 8192,
        "rope_type": "llama3",
      ]),
      "rope_theta": 500_000.0,
    ]
    if statesHeadSize { fields["head_dim"] = .integer(hiddenSize / headCount) }
    return fields
  }

  /// One factor for each pair of rotated channels, ascending, with four decimals as published ones have at most.
  ///
  /// The published values came out of a search; these only have their range and direction.
  private func ropeFactors(from low: Double, to high: Double, bend: (Double) -> Double) -> ConfigurationValue {
    let count = hiddenSize / headCount / 2
    return .list(
      (0..<count).map { index in
        let factor = low + (high - low) * bend(Double(index) / Double(count - 1))
        return .float((factor * 10_000).rounded() / 10_000)
      })
  }
}
