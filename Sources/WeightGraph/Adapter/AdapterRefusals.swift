import FusionCore

/// Fields of an adapter_config.json that change what the weights become and that merging does not compute.
enum AdapterRefusals {
  /// - Throws: `.adapterUnsupported` that names the field, what it stands for and what to do.
  static func check(_ fields: ConfigurationFields) throws {
    guard let kind = try fields.optionalString("peft_type") else { throw fields.missing("peft_type", "LORA") }
    guard kind == "LORA" else {
      throw refusal(fields, "peft_type", "LORA", String(kind.prefix(40)), "merge it with the library that made it")
    }
    for (field, meaning) in refused where isSet(fields[field]) {
      throw refusal(
        fields, field, "absent or false", "\(fields[field]?.summary ?? "") (\(meaning))",
        "merge the adapter with the library that made it, and convert the merged checkpoint")
    }
    try checkStart(fields)
    if case .string(let bias)? = fields["bias"], !["none", "all", "lora_only"].contains(bias) {
      throw fields.outOfRange("bias", "none, all or lora_only", String(bias.prefix(40)))
    }
  }

  /// Each is off when absent, `null`, `false`, or without content.
  private static let refused = [
    ("use_dora", "DoRA scales whole columns by trained magnitudes"),
    ("lora_bias", "the update has a trained bias of its own"),
    ("layer_replication", "layers of the base are repeated"),
    ("megatron_config", "weights are split over machines"),
    ("alora_invocation_tokens", "the update applies to a part of the prompt only"),
    ("use_qalora", "inputs are pooled before the update"),
    ("use_bdlora", "factors are block-diagonal"),
    ("arrow_config", "several adapters are mixed while the model runs"),
    ("target_parameters", "single parameters instead of modules were trained"),
    ("trainable_token_indices", "single rows of the embedding were trained"),
    ("velora_config", "the update is computed in another way"),
    ("kasa_config", "singular values are trained between the factors"),
    ("monteclora_config", "factors are drawn at random"),
  ]

  /// Fields that are read, or that say nothing about what the weights become.
  private static let known: Set = [
    "alpha_pattern", "auto_mapping", "base_model_name_or_path", "bias", "corda_config", "ensure_weight_tying",
    "eva_config", "exclude_modules", "fan_in_fan_out", "inference_mode", "init_lora_weights", "layers_pattern",
    "layers_to_transform", "loftq_config", "lora_alpha", "lora_dropout", "lora_ga_config", "megatron_core",
    "modules_to_save", "peft_type", "peft_version", "qalora_group_size", "r", "rank_pattern", "revision",
    "runtime_config", "target_modules", "task_type", "use_rslora",
  ]

  /// Sentences about fields that are not known and say something.
  static func unknown(_ fields: ConfigurationFields) -> [String] {
    let names = Set(refused.map(\.0))
    let unknown = fields.fields.keys.sorted().filter {
      !known.contains($0) && !names.contains($0) && isSet(fields[$0])
    }
    guard !unknown.isEmpty else { return [] }
    let shown = unknown.prefix(8).map { "\($0.prefix(60)) (\(fields[$0]?.summary ?? ""))" }
    return [
      "adapter_config.json has fields that are not known here, and that may change what the update is: "
        + shown.joined(separator: ", ") + (unknown.count > 8 ? " and \(unknown.count - 8) more" : "")
    ]
  }

  static func isSet(_ value: JSONValue?) -> Bool {
    switch value {
    case nil, .null, .bool(false): false
    case .array(let values): !values.isEmpty
    case .object(let inner): !inner.isEmpty
    default: true
    }
  }

  /// Ways to begin training that leave the base as it is; with any other one the adapter belongs to a changed base.
  private static let harmlessStarts: Set<String> = ["gaussian", "eva", "orthogonal", "true", "false"]

  private static func checkStart(_ fields: ConfigurationFields) throws {
    guard let value = fields["init_lora_weights"] else { return }
    switch value {
    case .bool: return
    case .string(let name) where harmlessStarts.contains(name.lowercased()): return
    case .string(let name):
      throw refusal(
        fields, "init_lora_weights", "true, false or one of \(harmlessStarts.sorted().joined(separator: ", "))",
        "\(name.prefix(40)) (the base's weights were changed before training)",
        "save the adapter again with its start converted (path_initial_model_for_weight_conversion), or merge it where "
          + "it was trained")
    default: throw fields.wrongType("init_lora_weights", "true, false or a text", value)
    }
  }

  private static func refusal(
    _ fields: ConfigurationFields, _ field: String, _ expected: String, _ found: String, _ remedy: String
  ) -> FusionError {
    FusionError(
      .adapterUnsupported, "the adapter uses something that cannot be merged", file: fields.file,
      place: fields.place(field), expected: expected, found: found, remedy: remedy)
  }
}
