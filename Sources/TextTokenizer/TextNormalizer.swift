import FusionCore

/// The changes that a `tokenizer.json` makes to text before it is cut into words.
struct TextNormalizer: Sendable {
  private enum Step: Sendable {
    case prepend([UInt8])
    case replace([UInt8], with: [UInt8])
  }

  private var steps: [Step] = []

  /// Reads the `normalizer` of the file; `nil` changes nothing.
  init(_ object: TokenizerObject?) throws {
    if let object { try append(object) }
  }

  /// The changed text, and how many bytes at its start were put before the original.
  func apply(_ text: [UInt8]) -> (bytes: [UInt8], prefixCount: Int) {
    var bytes = text
    var prefixCount = 0
    for step in steps {
      switch step {
      case .prepend(let prefix):
        guard !bytes.isEmpty else { continue }
        bytes = prefix + bytes
        prefixCount += prefix.count
      case .replace(let pattern, let replacement):
        let prefix = UTF8Text.replacing(pattern, with: replacement, in: Array(bytes[..<prefixCount]))
        bytes = UTF8Text.replacing(pattern, with: replacement, in: bytes)
        prefixCount = min(prefix.count, bytes.count)
      }
    }
    return (bytes, prefixCount)
  }

  private mutating func append(_ object: TokenizerObject) throws {
    switch try object.requiredString("type") {
    case "Sequence":
      for inner in try object.requiredObjects("normalizers") { try append(inner) }
    case "Prepend":
      steps.append(.prepend(Array(try object.requiredString("prepend").utf8)))
    case "Replace":
      let (pattern, replacement) = try TextNormalizer.replacement(object)
      steps.append(.replace(pattern, with: replacement))
    case let type:
      throw FusionError.unsupportedTokenizer(
        object.place, expected: "a normalizer of type Sequence, Prepend or Replace", found: type)
    }
  }

  /// The pattern and the content of a `Replace`, which normalizers and decoders share.
  static func replacement(_ object: TokenizerObject) throws -> (pattern: [UInt8], content: [UInt8]) {
    guard let pattern = try object.object("pattern") else { throw object.missing("pattern", "an object") }
    guard let text = try pattern.string("String"), !text.isEmpty else {
      throw FusionError.unsupportedTokenizer(
        pattern.place, expected: "a plain text to replace", found: try pattern.string("Regex") ?? "no text")
    }
    return (Array(text.utf8), Array(try object.requiredString("content").utf8))
  }
}
