extension SyntheticTokenizer {
  /// The fields of `tokenizer_config.json`.
  var configurationFields: [String: ConfigurationValue] {
    var fields: [String: ConfigurationValue] = [
      "added_tokens_decoder": .object(addedTokens), "extra_special_tokens": .object([:]), "model_max_length": 4096,
      "padding_side": "right",
    ]
    let others = layout == .sentencePiece ? sentencePieceFields : byteLevelFields
    fields.merge(others) { _, other in other }
    return fields
  }

  /// The fields of `special_tokens_map.json`.
  var specialTokensMap: [String: ConfigurationValue] {
    guard layout == .sentencePiece else {
      return [
        "bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>", "pad_token": .string(unusedToken),
        "unk_token": .string(unusedToken),
      ]
    }
    func token(_ content: String) -> ConfigurationValue {
      .object(SpecialToken(id: 0, content: content, trimsRight: false, isSpecial: true).flags)
    }
    var fields: [String: ConfigurationValue] = [
      "bos_token": token("<s>"), "eos_token": token("<|endoftext|>"), "pad_token": "<unk>", "unk_token": "<unk>",
    ]
    if hasVisionTokens { fields["additional_special_tokens"] = .list(SpecialToken.vision.map(token)) }
    return fields
  }

  private var unusedToken: String { "<|reserved_special_token_0|>" }

  private var addedTokens: [String: ConfigurationValue] {
    var tokens = specialTokens
    if layout == .sentencePiece {
      tokens += [
        SpecialToken(id: 0, content: "<unk>", trimsRight: false, isSpecial: true),
        SpecialToken(id: 1, content: "<s>", trimsRight: false, isSpecial: true),
        SpecialToken(id: 2, content: "</s>", trimsRight: true, isSpecial: false),
      ]
    }
    return Dictionary(
      uniqueKeysWithValues: tokens.map { token in
        (String(token.id), .object(token.flags.merging(["special": .boolean(token.isSpecial)]) { own, _ in own }))
      })
  }

  private var sentencePieceFields: [String: ConfigurationValue] {
    var fields: [String: ConfigurationValue] = [
      "add_bos_token": false, "add_eos_token": false, "add_prefix_space": true, "bos_token": "<s>",
      "clean_up_tokenization_spaces": false, "eos_token": "<|endoftext|>", "legacy": false, "pad_token": "<unk>",
      "sp_model_kwargs": .object([:]), "spaces_between_special_tokens": false, "tokenizer_class": "LlamaTokenizer",
      "unk_token": "<unk>", "use_default_system_prompt": false,
    ]
    if hasVisionTokens {
      fields["additional_special_tokens"] = .list(SpecialToken.vision.map { .string($0) })
    }
    return fields
  }

  private var byteLevelFields: [String: ConfigurationValue] {
    [
      "bos_token": "<|begin_of_text|>", "clean_up_tokenization_spaces": true, "eos_token": "<|eot_id|>",
      "model_input_names": .list(["input_ids", "attention_mask"]), "pad_token": .string(unusedToken),
      "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": .string(unusedToken),
    ]
  }
}
