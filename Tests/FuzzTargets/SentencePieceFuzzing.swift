import TextTokenizer

/// A `tokenizer.model`, with the configuration that Phi-3.5 has beside it.
enum SentencePieceFuzzing {
  private static let configuration = Array(
    """
    {"tokenizer_class":"LlamaTokenizer","legacy":false,"add_bos_token":false,"add_eos_token":false,\
    "bos_token":"<s>","eos_token":"</s>","unk_token":"<unk>","clean_up_tokenization_spaces":false}
    """.utf8)

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let contents = Array(bytes)
    let files = TokenizerFiles(origin: "fuzz") { name in
      switch name {
      case "tokenizer.model": contents
      case "tokenizer_config.json": configuration
      default: nil
      }
    }
    try TokenizerChecks.check(try TextTokenizer(files: files))
  }
}
