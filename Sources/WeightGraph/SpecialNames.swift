/// Names that show that a file holds something else than a model's own weights.
enum SpecialNames {
  /// Last components with which quantization libraries store codes, scales and tables.
  private static let quantizedEndings: Set<Substring> = [
    "qweight", "qzeros", "scales", "g_idx", "SCB", "weight_format", "weight_scale", "weight_scale_inv",
    "weight_scale_2", "weight_zero_point", "weight_packed", "weight_shape", "weight_g_idx", "input_scale",
    "packed", "absmax", "nested_absmax", "quant_map", "nested_quant_map", "zeros", "wf",
  ]

  /// Whether a name belongs to a quantized tensor.
  static func isQuantized(_ name: String) -> Bool {
    let components = components(name)
    return components.last.map(quantizedEndings.contains) ?? false || components.contains("quant_state")
  }

  /// Whether a name belongs to a low-rank adapter.
  static func isLoRA(_ name: String) -> Bool {
    components(name).contains { component in
      ["lora_A", "lora_B", "lora_embedding", "lora_magnitude"].contains { component.hasPrefix($0) }
    }
  }

  /// The parts between the dots, found by bytes: searching thousands of long names by characters would take seconds.
  private static func components(_ name: String) -> [Substring] {
    name.utf8.split(separator: UInt8(ascii: ".")).map(Substring.init)
  }
}
