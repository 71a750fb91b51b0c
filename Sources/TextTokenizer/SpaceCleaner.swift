/// Removes spaces before punctuation and English contractions, as the reference does where a tokenizer's configuration
/// asks for it.
struct SpaceCleaner: Sendable {
  private static let replacements = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"),
    (" 've", "'ve"), (" 're", "'re"),
  ]

  private var replacers = replacements.map { TextReplacer(pattern: Array($0.utf8), replacement: Array($1.utf8)) }

  /// Takes more text and appends what is certain.
  mutating func append(_ text: [UInt8], to output: inout [UInt8]) { pass(text, from: 0, to: &output) }

  /// Appends what was kept back.
  mutating func finish(to output: inout [UInt8]) {
    for index in replacers.indices {
      var rest: [UInt8] = []
      replacers[index].finish(to: &rest)
      pass(rest, from: index + 1, to: &output)
    }
  }

  private mutating func pass(_ text: [UInt8], from first: Int, to output: inout [UInt8]) {
    var text = text
    for index in replacers.indices.dropFirst(first) where !text.isEmpty {
      var next: [UInt8] = []
      replacers[index].append(text, to: &next)
      text = next
    }
    output.append(contentsOf: text)
  }
}
