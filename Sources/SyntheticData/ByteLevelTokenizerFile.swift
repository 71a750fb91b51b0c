/// A `tokenizer.json` of pair merging over bytes, with the splitting and the begin token of LLaMA-3.
struct ByteLevelTokenizerFile {
  private let merges: [MergeList.Merge]
  private let specialTokens: [SpecialToken]

  /// - Parameters:
  ///   - pieceCount: at least 256, the bytes.
  ///   - specialTokens: tokens after the pieces, the begin token first.
  init(pieceCount: Int, specialTokens: [SpecialToken]) {
    merges = MergeList(count: pieceCount - 256, space: "\u{120}", lineFeed: "\u{10A}").merges
    self.specialTokens = specialTokens
  }

  /// Letters that stand for bytes: a printable one for itself, the others in order from U+0100 on; sorted.
  private static let letters: [String] = {
    let printable = Array(0x21...0x7E as ClosedRange<UInt32>) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    return (printable + (0..<UInt32(256 - printable.count)).map { 256 + $0 }).compactMap(Unicode.Scalar.init)
      .map { String($0) }
  }()

  /// The bytes of the file.
  var fileBytes: [UInt8] {
    let begin = specialTokens[0]
    let beginJSON = "{\"SpecialToken\": {\"id\": \"\(begin.content)\", \"type_id\": "
    var text = "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n  \"added_tokens\": [\n"
    text += specialTokens.map { token in
      "    {\"id\": \(token.id), \"content\": \"\(token.content)\", \"single_word\": false, \"lstrip\": false,"
        + " \"rstrip\": false, \"normalized\": false, \"special\": true}"
    }.joined(separator: ",\n")
    text += """

        ],
        "normalizer": null,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "\(ByteLevelTokenizerFile.splitPattern)"}, "behavior": "Isolated", \
      "invert": false},
          {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}
        ]},
        "post_processor": {"type": "Sequence", "processors": [
          {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
          {"type": "TemplateProcessing",
            "single": [\(beginJSON)0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [\(beginJSON)0}}, {"Sequence": {"id": "A", "type_id": 0}},
              \(beginJSON)1}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"\(begin.content)": {"id": "\(begin.content)", "ids": [\(begin.id)],
              "tokens": ["\(begin.content)"]}}}
        ]},
        "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
        "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
          "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
          "vocab": {

      """
    text += (ByteLevelTokenizerFile.letters + merges.map(\.piece)).enumerated().map { id, piece in
      "\"\(ByteLevelTokenizerFile.escaped(piece))\": \(id)"
    }.joined(separator: ",\n")
    text += "\n    },\n    \"merges\": [\n"
    text += merges.map { "[\"\($0.left)\", \"\($0.right)\"]" }.joined(separator: ",\n")
    text += "\n    ]\n  }\n}\n"
    return Array(text.utf8)
  }

  /// How LLaMA-3 cuts text before merging, with the backslashes that JSON needs.
  private static let splitPattern =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|"#
    + #"\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"#

  /// Only two of the letters mean something to JSON, and no merge has them.
  private static func escaped(_ piece: String) -> String {
    piece == "\"" ? "\\\"" : piece == "\\" ? "\\\\" : piece
  }
}
