/// A token that text is cut at before anything else.
struct SpecialToken {
  let id: Int
  let content: String
  /// Whether white space after it disappears.
  let trimsRight: Bool
  let isSpecial: Bool

  static let vision = ["<vision_start>", "<vision_end>"]

  /// Those of Phi-3.5, in the order of their ids.
  static let phi = [
    "<|endoftext|>", "<|assistant|>", "<|placeholder1|>", "<|placeholder2|>", "<|placeholder3|>", "<|placeholder4|>",
    "<|system|>", "<|end|>", "<|placeholder5|>", "<|placeholder6|>", "<|user|>",
  ]

  /// Those of LLaMA-3.1, in the order of their ids.
  ///
  /// - Parameter count: at least 11, those with a meaning; the others are reserved.
  static func llama(count: Int) -> [String] {
    let named = [
      "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>",
      "<|finetune_right_pad_id|>", "<|reserved_special_token_2|>", "<|start_header_id|>", "<|end_header_id|>",
      "<|eom_id|>", "<|eot_id|>", "<|python_tag|>",
    ]
    return named + (0..<(count - named.count)).map { "<|reserved_special_token_\($0 + 3)|>" }
  }

  /// The fields that every file states of a token.
  var flags: [String: ConfigurationValue] {
    [
      "content": .string(content), "lstrip": false, "normalized": false, "rstrip": .boolean(trimsRight),
      "single_word": false,
    ]
  }
}
