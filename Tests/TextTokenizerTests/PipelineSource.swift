import Foundation

/// The text of a small `tokenizer.json`, with parts that a test can replace.
struct PipelineSource {
  var vocabulary = ["<unk>": 0, "a": 1, "b": 2, "c": 3, "ab": 4, "abc": 5, "bc": 6, "▁": 7, "▁a": 8, "\u{E9}": 9]
  var merges: Any = [["a", "b"], ["b", "c"], ["ab", "c"], ["▁", "a"]]
  var model: [String: Any] = ["type": "BPE", "unk_token": "<unk>"]
  var parts: [String: Any] = [:]

  /// The text of the file.
  var text: String {
    get throws {
      var model = model
      model["vocab"] = model["vocab"] ?? vocabulary
      model["merges"] = model["merges"] ?? merges
      var file = parts
      file["model"] = model
      return String(decoding: try JSONSerialization.data(withJSONObject: file), as: UTF8.self)
    }
  }

  /// An added token as the file states it.
  static func added(_ content: String, id: Int, _ flags: String...) -> [String: Any] {
    var token: [String: Any] = ["id": id, "content": content]
    for flag in ["single_word", "lstrip", "rstrip", "normalized", "special"] { token[flag] = flags.contains(flag) }
    return token
  }
}
