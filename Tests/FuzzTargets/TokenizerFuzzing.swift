import FusionCore
import TextTokenizer

/// A `tokenizer.json`; input that does not start like one is a text for a byte-level tokenizer that must give it back.
enum TokenizerFuzzing {
  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.first == UInt8(ascii: "{") else { return try checkRoundTrip(bytes) }
    let contents = Array(bytes)
    try TokenizerChecks.check(
      try TextTokenizer(files: TokenizerFiles(origin: "fuzz") { $0 == "tokenizer.json" ? contents : nil }))
  }

  private static func checkRoundTrip(_ bytes: UnsafeRawBufferPointer) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let byteLevel else { throw FuzzFinding("the fixed tokenizer was refused") }
    let ids = byteLevel.encode(text)
    try FuzzFinding.require(
      ids.allSatisfy { (0..<byteLevel.tokenCount).contains($0) }, "\(ids) of \(byteLevel.tokenCount) tokens")
    let decoded = byteLevel.decode(ids, skippingSpecialTokens: false, cleaningUp: false)
    try FuzzFinding.require(
      decoded.utf8.elementsEqual(text.utf8), "\(text.debugDescription) comes back as \(decoded.debugDescription)")
  }

  /// All bytes, a few merges, and the pattern of LLaMA-3.
  static let byteLevel: TextTokenizer? = {
    let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    let others = (0...255).filter { !printable.contains($0) }.indices.map { 256 + $0 }
    let alphabet = (printable + others).compactMap(Unicode.Scalar.init).map { String(Character($0)) }
    let merges = [("t", "h"), ("th", "e"), ("\u{120}", "the"), ("i", "n"), ("a", "a"), ("aa", "aa"), ("1", "2")]
    let pieces = alphabet + merges.map { $0 + $1 }
    let vocabulary = pieces.enumerated().map { "\(quoted($1)):\($0)" }.joined(separator: ",")
    let merged = merges.map { quoted("\($0) \($1)") }.joined(separator: ",")
    let pattern =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
      + #"|\s+(?!\S)|\s+"#
    let contents = Array(
      """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,\
      "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":\(quoted(pattern))},\
      "behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,\
      "use_regex":false}]},"post_processor":null,"decoder":{"type":"ByteLevel","add_prefix_space":true,\
      "trim_offsets":true,"use_regex":true},"model":{"type":"BPE","dropout":null,"unk_token":null,\
      "continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,\
      "ignore_merges":true,"vocab":{\(vocabulary)},"merges":[\(merged)]}}
      """.utf8)
    return try? TextTokenizer(files: TokenizerFiles(origin: "fixed") { $0 == "tokenizer.json" ? contents : nil })
  }()

  private static func quoted(_ text: String) -> String {
    var output: [UInt8] = []
    StrictJSONText.appendQuoted(text, to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}
