/// Changes of a file's content, by what its first bytes and its name say that it is.
enum ContentMutation {
  /// Content that has become larger than this is not changed again: the memory of the fuzzer counts for its processes.
  private static let mostBytes = 4 << 20

  /// The content with one or a few changes.
  static func change(_ bytes: [UInt8], name: String, _ random: inout RandomSource) -> [UInt8] {
    var changed = bytes
    for _ in 0..<random.pick([1, 1, 1, 2, 3, 8]) where changed.count <= mostBytes {
      changed = changeOnce(changed, name: name, &random)
    }
    return changed
  }

  private static func changeOnce(_ bytes: [UInt8], name: String, _ random: inout RandomSource) -> [UInt8] {
    switch random.below(20) {
    case 0: return ByteMutation.cut(bytes, &random)
    case 1: return ByteMutation.change(bytes, in: bytes.indices, &random)
    case 2: return random.oneIn(3) ? bytes + bytes : ByteMutation.change(bytes, in: 0..<min(bytes.count, 64), &random)
    case 3:
      return random.oneIn(8) ? [] : ByteMutation.change(bytes, in: max(0, bytes.count - 128)..<bytes.count, &random)
    default: break
    }
    let form = Form(bytes, name)
    switch form {
    case .json:
      return JSONMutation.change(bytes[...], &random) ?? ByteMutation.change(bytes, in: bytes.indices, &random)
    case .lines: return changeLine(bytes, &random)
    case .safetensors(let header): return changeHeader(bytes, header, &random)
    case .container(let index):
      return ContainerSeal.sealed(
        changing(index, of: bytes) { ByteMutation.change($0, in: $0.indices, &random) }, indexAt: index.lowerBound)
    case .zip: return ZipSeal.changed(bytes, &random)
    case .other: return ByteMutation.change(bytes, in: bytes.indices, &random)
    }
  }

  private enum Form {
    case json, lines, zip, other
    case safetensors(Range<Int>)
    case container(Range<Int>)

    init(_ bytes: [UInt8], _ name: String) {
      if let index = ContainerSeal.index(of: bytes) {
        self = .container(index)
      } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
        self = .zip
      } else if bytes.count > 9, bytes[8] == UInt8(ascii: "{"), bytes[3..<8].allSatisfy({ $0 == 0 }) {
        let length = bytes[..<3].reversed().reduce(0) { $0 << 8 | Int($1) }
        self = length <= bytes.count - 8 ? .safetensors(8..<(8 + length)) : .other
      } else if name.hasSuffix(".json") || name.hasSuffix(".plan") {
        self = .json
      } else if [".jsonl", ".txt", ".tsv", ".csv", ".journal"].contains(where: name.hasSuffix) || bytes.first == 0x7B {
        self = .lines
      } else {
        self = .other
      }
    }
  }

  private static func changing(_ range: Range<Int>, of bytes: [UInt8], _ change: ([UInt8]) -> [UInt8]) -> [UInt8] {
    bytes[..<range.lowerBound] + change(Array(bytes[range])) + bytes[range.upperBound...]
  }

  /// Changes the JSON of a header, and mostly the length before it too, so that the JSON is read.
  private static func changeHeader(_ bytes: [UInt8], _ header: Range<Int>, _ random: inout RandomSource) -> [UInt8] {
    if random.oneIn(8) { return ByteMutation.change(bytes, in: 0..<8, &random) }
    var text = Array(bytes[header])
    // Metadata of statistics is JSON in a string.
    if let nested = nestedChange(text, &random) {
      text = nested
    } else {
      text = JSONMutation.change(text[...], &random) ?? ByteMutation.change(text, in: text.indices, &random)
    }
    let length = random.oneIn(16) ? header.count : text.count
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text + bytes[header.upperBound...]
  }

  private static func nestedChange(_ text: [UInt8], _ random: inout RandomSource) -> [UInt8]? {
    guard random.oneIn(2) else { return nil }
    let nested = JSONSpans(text[...]).strings.filter { $0.count > 4 && text[$0.lowerBound + 1] == UInt8(ascii: "{") }
    guard !nested.isEmpty else { return nil }
    let range = random.pick(nested)
    let inner = text[(range.lowerBound + 1)..<(range.upperBound - 1)].filter { $0 != UInt8(ascii: "\\") }
    guard let changed = JSONMutation.change(inner[...], &random) else { return nil }
    let escaped = changed.flatMap { $0 == UInt8(ascii: "\"") ? [UInt8(ascii: "\\"), $0] : [$0] }
    return text[...range.lowerBound] + escaped + text[(range.upperBound - 1)...]
  }

  private static func changeLine(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let number = random.below(lines.count)
    switch random.below(8) {
    case 0: lines.remove(at: number)
    case 1: lines.insert(lines[number], at: random.below(lines.count + 1))
    case 2: lines.swapAt(number, random.below(lines.count))
    case 3: lines[number] = ByteMutation.change(Array(lines[number]), in: 0..<lines[number].count, &random)[...]
    case 4 where lines[number].first != UInt8(ascii: "{"):
      // A table: its fields change places, go or come again.
      let separator = UInt8(ascii: lines[number].contains(9) ? "\t" : ",")
      var fields = lines[number].split(separator: separator, omittingEmptySubsequences: false)
      if random.oneIn(2) { fields.swapAt(0, random.below(fields.count)) } else { fields.append(random.pick(fields)) }
      lines[number] = Array(fields.joined(separator: [separator]))[...]
    default:
      lines[number] =
        JSONMutation.change(lines[number], &random)?[...]
        ?? ByteMutation.change(Array(lines[number]), in: 0..<lines[number].count, &random)[...]
    }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }
}
