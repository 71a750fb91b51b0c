extension ExpectedTensors {
  static func addLanguage(_ configuration: ModelConfiguration, to list: inout SpecificationList) {
    let language = configuration.language
    let hidden = hiddenSize(language)
    let vocabulary = SizeFormula(language.vocabularySize, "vocab_size")
    list.add("language.embedding.weight", "model.embed_tokens.weight", .embedding, .language, [vocabulary, hidden])
    list.add(
      "language.rotary.inv_freq", "model.rotary_emb.inv_freq", .buffer, .language, [halfHead(language)],
      isOptional: true)
    for layer in 0..<language.layerCount {
      let name = "language.layers.\(layer)."
      let source = SourceNames.decoderLayers + "\(layer)."
      list.add(name + "attention_norm.weight", source + "input_layernorm.weight", .norm, .language, [hidden])
      addAttention(language, isFused: configuration.family.hasFusedRows, name, source, to: &list)
      list.add(name + "mlp_norm.weight", source + "post_attention_layernorm.weight", .norm, .language, [hidden])
      addMLP(language, isFused: configuration.family.hasFusedRows, name, source, to: &list)
    }
    list.add("language.norm.weight", "model.norm.weight", .norm, .language, [hidden])
    list.add(
      headName, "lm_head.weight", .head, .language, [vocabulary, hidden], isOptional: language.tieWordEmbeddings)
  }

  static let embeddingName = "language.embedding.weight"
  static let headName = "language.head.weight"

  private static func halfHead(_ language: LanguageConfiguration) -> SizeFormula {
    let rotated = language.rotary.rotatedCount
    return SizeFormula(
      rotated / 2, rotated == language.headDimension ? "head_dim / 2" : "head_dim * partial_rotary_factor / 2")
  }

  private static func addAttention(
    _ language: LanguageConfiguration, isFused: Bool, _ name: String, _ source: String,
    to list: inout SpecificationList
  ) {
    let hidden = hiddenSize(language)
    let width = SizeFormula(language.headDimension, "head_dim")
    let keyValueHeads = SizeFormula(language.keyValueHeadCount, "num_key_value_heads")
    let queries = SizeFormula(language.headCount, "num_attention_heads") * width
    let keys = keyValueHeads * width
    let canonical = name + "attention."
    let published = source + "self_attn."
    let bias = language.hasAttentionBias
    if isFused {
      list.add(
        canonical + "qkv.weight", published + "qkv_proj.weight", .attention, .language,
        [queries + 2 * keyValueHeads * width, hidden],
        parts: [
          (canonical + "q.weight", queries.value), (canonical + "k.weight", keys.value),
          (canonical + "v.weight", keys.value),
        ])
    } else {
      for (letter, rows) in [("q", queries), ("k", keys), ("v", keys)] {
        list.addLinear(
          canonical + letter, published + letter + "_proj", .attention, .language, rows: rows, columns: hidden,
          hasBias: bias)
      }
    }
    list.addLinear(
      canonical + "output", published + "o_proj", .attention, .language, rows: hidden, columns: queries, hasBias: bias)
    list.add(
      canonical + "rotary.inv_freq", published + "rotary_emb.inv_freq", .buffer, .language, [halfHead(language)],
      isOptional: true)
  }

  private static func addMLP(
    _ language: LanguageConfiguration, isFused: Bool, _ name: String, _ source: String,
    to list: inout SpecificationList
  ) {
    let hidden = hiddenSize(language)
    let inner = SizeFormula(language.intermediateSize, "intermediate_size")
    let canonical = name + "mlp."
    let published = source + "mlp."
    let bias = language.hasMLPBias
    if isFused {
      list.add(
        canonical + "gate_up.weight", published + "gate_up_proj.weight", .mlp, .language, [2 * inner, hidden],
        parts: [(canonical + "gate.weight", inner.value), (canonical + "up.weight", inner.value)])
    } else {
      for part in ["gate", "up"] {
        list.addLinear(
          canonical + part, published + part + "_proj", .mlp, .language, rows: inner, columns: hidden, hasBias: bias)
      }
    }
    list.addLinear(
      canonical + "down", published + "down_proj", .mlp, .language, rows: hidden, columns: inner, hasBias: bias)
  }
}
