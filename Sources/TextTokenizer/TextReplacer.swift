/// Replaces a pattern in text that arrives bit by bit, keeping back only what could still become an occurrence.
struct TextReplacer: Sendable {
  private let pattern: [UInt8]
  private let replacement: [UInt8]
  /// The end of the text so far, a proper prefix of the pattern.
  private var pending: [UInt8] = []

  /// - Precondition: the pattern is not empty.
  init(pattern: [UInt8], replacement: [UInt8]) {
    precondition(!pattern.isEmpty, "an empty pattern matches everywhere")
    self.pattern = pattern
    self.replacement = replacement
  }

  /// Takes more text and appends what is certain.
  mutating func append(_ text: [UInt8], to output: inout [UInt8]) {
    if pending.isEmpty, !text.contains(pattern[0]) {
      output.append(contentsOf: text)
      return
    }
    let whole = pending + text
    pending = []
    var index = 0
    while index < whole.count {
      guard whole[index] == pattern[0] else {
        output.append(whole[index])
        index += 1
        continue
      }
      let available = min(pattern.count, whole.count - index)
      guard whole[index..<(index + available)].elementsEqual(pattern[..<available]) else {
        output.append(whole[index])
        index += 1
        continue
      }
      guard available == pattern.count else {
        pending = Array(whole[index...])
        return
      }
      output.append(contentsOf: replacement)
      index += available
    }
  }

  /// Appends what was kept back, and starts afresh.
  mutating func finish(to output: inout [UInt8]) {
    output.append(contentsOf: pending)
    pending = []
  }
}
