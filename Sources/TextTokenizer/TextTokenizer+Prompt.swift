import FusionCore

extension TextTokenizer {
  private static let markers = ImageSlot.allCases.map { (text: Array($0.rawValue.utf8), placeholder: $0.placeholder) }

  /// The tokens of a prompt, with placeholders for `<image>` and `<latent_image>`.
  ///
  /// As in the reference, the texts between markers are encoded one by one, each as if it were a whole text; of the
  /// begin tokens only the first stays.
  public func encodePrompt(_ text: String) -> [Int] {
    let bytes = Array(text.utf8)
    var chunks: [[Int]] = []
    var placeholders: [Int] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      let rest = bytes[index...]
      guard bytes[index] == UInt8(ascii: "<"),
        let marker = TextTokenizer.markers.first(where: { rest.starts(with: $0.text) })
      else {
        index += 1
        continue
      }
      chunks.append(encode(String(decoding: bytes[start..<index], as: UTF8.self)))
      placeholders.append(marker.placeholder)
      index += marker.text.count
      start = index
    }
    chunks.append(encode(String(decoding: bytes[start...], as: UTF8.self)))
    var tokens: [Int] = []
    let beginCount = beginToken != nil && chunks[0].first == beginToken ? 1 : 0
    for (number, chunk) in chunks.enumerated() {
      tokens.append(contentsOf: number == 0 ? chunk[...] : chunk.dropFirst(beginCount))
      if number < placeholders.count { tokens.append(placeholders[number]) }
    }
    return tokens
  }
}
