import FusionCore
import TextTokenizer

/// The small files beside a tokenizer, with bytes 0x1E between them: `tokenizer_config.json`, `special_tokens_map.json`
/// and `added_tokens.json`. An empty one is not there. A small `tokenizer.model` and `tokenizer.json` are beside them.
enum SettingsFuzzing {
  private static let names = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"]

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let parts = bytes.split(separator: 0x1E, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
    var contents = Dictionary(uniqueKeysWithValues: zip(names, parts)).filter { !$0.value.isEmpty }
    contents["tokenizer.model"] = model
    contents["tokenizer.json"] = pipeline
    let files = TokenizerFiles(origin: "fuzz") { [contents] in contents[$0] }
    let tokenizer = try TextTokenizer(files: files)
    try TokenizerChecks.check(tokenizer)
    // The other one only shortly, since all texts take most of the time.
    let other = try TextTokenizer(files: files, choice: tokenizer.choice == .slow ? .fast : .slow)
    try FuzzFinding.require(
      other.encode("he <|end|> x").allSatisfy { $0 >= 0 } && other.tokenCount >= 0, "a negative token")
  }

  /// A SentencePiece model of all bytes, a few letters and two merges.
  private static let model: [UInt8] = {
    let letters = ["\u{2581}", "a", "b", "e", "h", "l", "o", "t", "he", "ll", "\u{2581}t"]
    var pieces: [(text: String, score: Float, kind: UInt8)] = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3)]
    pieces += (0..<256).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return ("<0x\(digits.count < 2 ? "0" : "")\(digits)>", 0, 6)
    }
    pieces += letters.enumerated().map { ($1, -Float($0), 1) }
    let messages = pieces.flatMap { piece -> [UInt8] in
      let score = (0..<4).map { UInt8(truncatingIfNeeded: piece.score.bitPattern >> (8 * UInt32($0))) }
      let fields = [0x0A, UInt8(piece.text.utf8.count)] + piece.text.utf8 + [0x15] + score + [0x18, piece.kind]
      return [0x0A, UInt8(fields.count)] + fields
    }
    // The trainer's specification: byte pairs, with bytes for what is in no piece.
    return messages + [0x12, 5, 0x18, 2, 0x98, 2, 1]
  }()

  private static let pipeline = Array(
    """
    {"version":"1.0","truncation":null,"padding":null,"added_tokens":[{"id":2,"content":"<|end|>","single_word":false,\
    "lstrip":false,"rstrip":true,"normalized":false,"special":true}],"normalizer":null,"pre_tokenizer":null,\
    "post_processor":null,"decoder":null,"model":{"type":"BPE","dropout":null,"unk_token":"<unk>",\
    "continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":false,\
    "ignore_merges":false,"vocab":{"<unk>":0,"a":1,"<|end|>":2,"h":3,"e":4,"he":5},"merges":["h e"]}}
    """.utf8)
}
