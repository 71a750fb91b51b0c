import FusionCore

/// What a JSON text says, whatever its white space, the order of its keys and the spelling of its strings and numbers.
struct JSONMeaning: Equatable {
  /// Fields of the outermost object with their values in one spelling; the whole value under an empty name if it is none.
  private let fields: [[UInt8]: [UInt8]]

  /// - Returns: `nil` for what is no JSON, or has a key twice, so that readers may differ about it.
  init?(_ bytes: [UInt8]) {
    var found: [[UInt8]: [UInt8]] = [:]
    do {
      try bytes.withUnsafeBytes { buffer in
        var scanner = try StrictJSONScanner(buffer, maximumDepth: StrictJSONScanner.deepestNesting, dialect: .lenient)
        if try scanner.kind() == .object {
          try scanner.beginObject()
          while let key = try scanner.nextKey() {
            let value = try Self.canonical(&scanner)
            guard found.updateValue(value, forKey: Array(key.utf8)) == nil else { throw Ambiguous() }
          }
        } else {
          found[[]] = try Self.canonical(&scanner)
        }
        try scanner.finish()
      }
    } catch {
      return nil
    }
    fields = found
  }

  private struct Ambiguous: Error {}

  /// Names of outermost fields that only one of the two has, or that differ; sorted.
  func differences(from other: JSONMeaning) -> [String] {
    Set(fields.keys).union(other.fields.keys).filter { fields[$0] != other.fields[$0] }
      .map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  private static func canonical(_ scanner: inout StrictJSONScanner) throws -> [UInt8] {
    let kind = try scanner.kind()
    switch kind {
    case .object:
      var members: [(key: [UInt8], value: [UInt8])] = []
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        var name: [UInt8] = []
        StrictJSONText.appendQuoted(key, to: &name)
        members.append((name, try canonical(&scanner)))
      }
      members.sort { $0.key.lexicographicallyPrecedes($1.key) }
      for (first, second) in zip(members, members.dropFirst()) where first.key == second.key { throw Ambiguous() }
      var text = [UInt8(ascii: "{")]
      for (key, value) in members { text += key + [UInt8(ascii: ":")] + value + [UInt8(ascii: ",")] }
      text.append(UInt8(ascii: "}"))
      return text
    case .array:
      var text = [UInt8(ascii: "[")]
      try scanner.beginArray()
      while try scanner.nextElement() { text += try canonical(&scanner) + [UInt8(ascii: ",")] }
      return text + [UInt8(ascii: "]")]
    default: return scalar(try scanner.scalar(kind))
    }
  }

  private static func scalar(_ value: StrictJSONScalar) -> [UInt8] {
    switch value {
    case .string(let text):
      var quoted: [UInt8] = []
      StrictJSONText.appendQuoted(text, to: &quoted)
      return quoted
    case .bool(let flag): return Array("\(flag)".utf8)
    case .null: return Array("null".utf8)
    case .integer(let number): return Array("\(number)".utf8)
    // Programs write whole numbers with a fraction of zeros, too.
    case .number(let number): return Array((Int(exactly: number).map { "\($0)" } ?? "\(number)").utf8)
    case .outOfRange(let text): return Array("~\(text)".utf8)
    }
  }
}
