import FusionCore

/// Turns the text of a pattern into steps.
struct AdapterPatternParser {
  /// Steps of a program; what people write stays below 100.
  private static let maximumStepCount = 2_000
  private static let deepestNesting = 32
  /// Steps that may be written on the way to a program; a step is written again for every group around it.
  private static let maximumWorkCount = 16_384

  private let bytes: [UInt8]
  private let text: String
  private let place: String
  private let file: String?
  private var position = 0
  /// Steps written until now.
  private(set) var workCount = 0

  init(_ text: String, place: String, file: String?) {
    bytes = Array(text.utf8)
    self.text = text
    self.place = place
    self.file = file
  }

  mutating func parse() throws -> [AdapterPatternStep] {
    let steps = try alternatives(depth: 0)
    guard position == bytes.count else { throw failure("the end of the pattern") }
    return steps
  }

  private mutating func alternatives(depth: Int) throws -> [AdapterPatternStep] {
    guard depth < Self.deepestNesting else { throw failure("at most \(Self.deepestNesting) groups in each other") }
    var branches = [try sequence(depth: depth)]
    var count = branches[0].count
    while peek == UInt8(ascii: "|") {
      position += 1
      let branch = try sequence(depth: depth)
      branches.append(branch)
      count += branch.count + 2
      try check(count)
    }
    guard branches.count > 1, let last = branches.popLast() else { return branches[0] }
    // For each but the last one: split to the next; branch; jump behind all
    var result: [AdapterPatternStep] = []
    for branch in branches {
      result.append(.split(result.count + branch.count + 2))
      try append(branch, to: &result)
      result.append(.jump(count))
    }
    try append(last, to: &result)
    return result
  }

  private mutating func sequence(depth: Int) throws -> [AdapterPatternStep] {
    var result: [AdapterPatternStep] = []
    while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      let piece = try repeated(try atom(depth: depth))
      try append(piece, to: &result)
    }
    return result
  }

  private mutating func atom(depth: Int) throws -> [AdapterPatternStep] {
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "."): return [.set(.any)]
    case UInt8(ascii: "^"): return [.start]
    case UInt8(ascii: "$"): return [.end]
    case UInt8(ascii: "["): return [.set(try set())]
    case UInt8(ascii: "\\"): return [.set(try escape())]
    case UInt8(ascii: "("):
      if peek == UInt8(ascii: "?") {
        guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: ":") else {
          throw failure("a group without special meaning")
        }
        position += 2
      }
      let inner = try alternatives(depth: depth + 1)
      guard peek == UInt8(ascii: ")") else { throw failure("a closing parenthesis") }
      position += 1
      return inner
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      position -= 1
      throw failure("something to repeat")
    default: return [.set(AdapterByteSet([byte]))]
    }
  }

  /// A piece with the repetition behind it, if there is one.
  private mutating func repeated(_ piece: [AdapterPatternStep]) throws -> [AdapterPatternStep] {
    let bounds: (least: Int, most: Int?)
    switch peek {
    case UInt8(ascii: "*"): bounds = (0, nil)
    case UInt8(ascii: "+"): bounds = (1, nil)
    case UInt8(ascii: "?"): bounds = (0, 1)
    case UInt8(ascii: "{"):
      bounds = try counts()
    default: return piece
    }
    position += 1
    // Whether a repetition is greedy does not change what fits as a whole.
    if peek == UInt8(ascii: "?") { position += 1 }
    guard ![UInt8(ascii: "*"), UInt8(ascii: "+")].contains(peek) else { throw failure("one repetition") }
    // Nothing, however often, is nothing; the bounds of program and work would never end such a repetition.
    guard !piece.isEmpty else { return [] }
    var result: [AdapterPatternStep] = []
    for _ in 0..<bounds.least { try append(piece, to: &result) }
    guard let most = bounds.most else {
      // split behind; piece; jump back
      let start = result.count
      result.append(.split(start + piece.count + 2))
      try append(piece, to: &result)
      return result + [.jump(start)]
    }
    for _ in bounds.least..<most {
      result.append(.split(result.count + piece.count + 1))
      try append(piece, to: &result)
    }
    return result
  }

  /// `{m}`, `{m,}` or `{m,n}`, up to before the closing brace.
  private mutating func counts() throws -> (Int, Int?) {
    position += 1
    guard let least = number() else { throw failure("a repetition such as {2} or {1,3}") }
    var most: Int? = least
    if peek == UInt8(ascii: ",") {
      position += 1
      most = number()
    }
    guard peek == UInt8(ascii: "}"), most.map({ $0 >= least }) ?? true else {
      throw failure("a repetition such as {2} or {1,3}")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = position
    while let byte = peek, AdapterByteSet.digits.contains(byte), position - start < 4 { position += 1 }
    return Int(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func escape() throws -> AdapterByteSet {
    guard let byte = peek else { throw failure("a character after the backslash") }
    position += 1
    switch byte {
    case UInt8(ascii: "d"): return .digits
    case UInt8(ascii: "D"): return AdapterByteSet.digits.inverted
    case UInt8(ascii: "w"): return .words
    case UInt8(ascii: "W"): return AdapterByteSet.words.inverted
    case UInt8(ascii: "s"): return .spaces
    case UInt8(ascii: "S"): return AdapterByteSet.spaces.inverted
    default:
      guard !AdapterByteSet.words.contains(byte), byte < 128 else {
        position -= 1
        throw failure("an escape that stands for itself, or one of \\d \\w \\s")
      }
      return AdapterByteSet([byte])
    }
  }

  private mutating func set() throws -> AdapterByteSet {
    var result = AdapterByteSet()
    let isInverted = peek == UInt8(ascii: "^")
    if isInverted { position += 1 }
    var isFirst = true
    while let byte = peek, isFirst || byte != UInt8(ascii: "]") {
      isFirst = false
      position += 1
      if byte == UInt8(ascii: "\\") {
        result.formUnion(try escape())
      } else if peek == UInt8(ascii: "-"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: "]") {
        let last = bytes[position + 1]
        guard last >= byte, last != UInt8(ascii: "\\") else { throw failure("a range such as a-z") }
        result.formUnion(AdapterByteSet(byte...last))
        position += 2
      } else {
        result.insert(byte)
      }
    }
    guard peek == UInt8(ascii: "]") else { throw failure("a closing bracket") }
    position += 1
    return isInverted ? result.inverted : result
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func check(_ stepCount: Int) throws {
    guard stepCount <= Self.maximumStepCount, workCount <= Self.maximumWorkCount else {
      throw failure("a pattern of at most \(Self.maximumStepCount) steps")
    }
  }

  /// Writes steps behind others.
  private mutating func append(_ steps: [AdapterPatternStep], to result: inout [AdapterPatternStep]) throws {
    workCount += steps.count
    try check(result.count + steps.count)
    let distance = result.count
    for step in steps {
      switch step {
      case .jump(let target): result.append(.jump(target + distance))
      case .split(let target): result.append(.split(target + distance))
      default: result.append(step)
      }
    }
  }

  private func failure(_ expected: String) -> FusionError {
    FusionError(
      .adapterBadPattern, "a pattern over module names cannot be read", file: file,
      place: "\(place), offset \(position) of \"\(String(String.UnicodeScalarView(text.unicodeScalars.prefix(120))))\"",
      expected: expected,
      found: position < bytes.count
        ? "\"\(String(decoding: bytes[position...].prefix(12), as: UTF8.self))\"" : "the end of the pattern",
      remedy: "write the module's name, or a plain regular expression")
  }
}
