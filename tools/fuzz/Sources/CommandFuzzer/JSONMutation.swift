/// Changes of a JSON text that mostly leave it one.
enum JSONMutation {
  private static let numbers = [
    "-1", "0", "1", "2", "3", "7", "16", "127", "255", "65536", "1048576", "2147483647", "2147483648", "4294967296",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
    "-9223372036854775808", "1e999", "-1e999", "1e-999", "0.5", "-0", "-0.0", "1e3", "1E+02", "00", "1.", "NaN",
    "Infinity", "0.1", "1e308", "3.4e38", "1e39",
  ]
  private static let others = [
    "null", "true", "false", "\"\"", "[]", "{}", "\"x\"", "\"1\"", "[[]]", "[null]", "{\"\":0}", "\"\\u0000\"",
    "\"\\ud800\"", "\"../../x\"", "\"/etc/passwd\"", "\"\\n\"", "[1,2,3]", "[-1]", "[0]", "\"\u{1F600}\"", "",
    "[18446744073709551615,2]", "[9223372036854775807,9223372036854775807]", "\"\u{202E}\u{7}\"", "nan",
  ]

  /// Bytes that copies of a part add at most.
  private static let mostAddedBytes = 1 << 20

  /// The text with one change; `nil` where there is nothing to change.
  static func change(_ text: ArraySlice<UInt8>, _ random: inout RandomSource) -> [UInt8]? {
    let spans = JSONSpans(text)
    guard !spans.values.isEmpty else { return nil }
    func replacing(_ range: Range<Int>, _ new: some Collection<UInt8>) -> [UInt8] {
      Array(text[..<range.lowerBound]) + new + text[range.upperBound...]
    }
    switch random.below(12) {
    case 0, 1, 2:
      guard !spans.numbers.isEmpty else { return nil }
      let range = random.pick(spans.numbers)
      return replacing(range, number(text[range], &random))
    case 3: return replacing(random.pick(spans.values), random.pick(others + numbers).utf8)
    case 4:
      guard !spans.strings.isEmpty else { return nil }
      return replacing(random.pick(spans.strings), string(&random))
    case 5: return spans.members.isEmpty ? nil : without(random.pick(spans.members).whole, text)
    case 6:
      guard !spans.members.isEmpty else { return nil }
      let member = random.pick(spans.members)
      let source = random.pick([member, random.pick(spans.members)])
      return replacing(member.whole, Array(text[member.whole]) + [UInt8(ascii: ",")] + text[source.whole])
    case 7:
      guard !spans.members.isEmpty else { return nil }
      let key = random.pick(spans.members).key
      return replacing(key, random.oneIn(2) ? Array(text[random.pick(spans.members).key]) : string(&random))
    case 8: return replacing(random.pick(spans.values), text[random.pick(spans.values)])
    case 9: return spans.elements.isEmpty ? nil : without(random.pick(spans.elements), text)
    case 10:
      guard !spans.elements.isEmpty else { return nil }
      let element = random.pick(spans.elements)
      let count = min(random.pick([2, 3, 100, 5000]), 2 + mostAddedBytes / element.count)
      let copies = repeatElement(Array(text[element]), count: count)
      return replacing(element, Array(copies.joined(separator: [UInt8(ascii: ",")])))
    default:
      let depth = random.pick([3, 40, 600, 30_000])
      let (open, close) = random.oneIn(2) ? ("[", "]") : ("{\"a\":", "}")
      let range = random.pick(spans.values)
      let middle = open == "[" ? "" : "0"
      return replacing(
        range, (String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)).utf8)
    }
  }

  private static func number(_ text: ArraySlice<UInt8>, _ random: inout RandomSource) -> [UInt8] {
    guard random.oneIn(3), let value = Int(String(decoding: text, as: UTF8.self)) else {
      return Array(random.pick(numbers).utf8)
    }
    let changed = random.pick([
      value &+ 1, value &- 1, value &* 2, value / 2, 0 &- value, value &* 1000, value ^ (1 << random.below(63)),
    ])
    return Array("\(changed)".utf8)
  }

  private static func string(_ random: inout RandomSource) -> [UInt8] {
    let quote = [UInt8(ascii: "\"")]
    switch random.below(4) {
    case 0: return quote + quote
    case 1: return quote + [UInt8](repeating: UInt8(ascii: "a"), count: random.pick([1, 300, 5000, 200_000])) + quote
    case 2: return quote + random.pick(words).utf8 + quote
    default: return quote + (0..<random.below(12)).map { _ in UInt8(random.below(256)) } + quote
    }
  }

  /// Names that mean something to one of the readers.
  private static let words = [
    "int4", "int8-g64", "keep", "entropy-4.25", "int4-cs-g32", "phi3", "llama", "phi_3", "F32", "BF16", "I64", "F4",
    "LORA", "all", "lora_only", "__metadata__", "*", ".*", "(", "(a+)+$", "[", "*.weight", "model.embed_tokens.weight",
    "language.layers.0.mlp.down.weight", "lm_head", "1/2", "0/0", "9999999999/9999999999", "nan", "ffffffffffffffff",
    "%s%n", "\\u0000", "\\u202e", "../x", "a/b", ".", "..", "yes", "(A)", "long", "choice", "<|end|>", "<0x41>",
    "model.safetensors", "BPE", "Unigram", "ByteLevel", "{{ messages }}", "endToken", "length",
  ]

  /// The text without a part and one of the commas beside it.
  private static func without(_ range: Range<Int>, _ text: ArraySlice<UInt8>) -> [UInt8] {
    var (start, end) = (range.lowerBound, range.upperBound)
    if end < text.endIndex, text[end] == UInt8(ascii: ",") {
      end += 1
    } else if start > text.startIndex, text[start - 1] == UInt8(ascii: ",") {
      start -= 1
    }
    return Array(text[..<start]) + text[end...]
  }
}
