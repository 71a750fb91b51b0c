/// Reads JSON text from front to back, value by value, without building a tree.
///
/// For indexes from files that nobody has checked: it accepts RFC 8259 and nothing else, never recurses deeper than a
/// limit, allocates nothing but the strings that the caller asks for, and leaves repeated keys for the caller to see.
/// Nothing traps on bad text; calling the members in an order that cannot be right is a broken promise and does.
///
///     var scanner = try StrictJSONScanner(bytes)
///     try scanner.beginObject()
///     while let key = try scanner.nextKey() {
///       …                                       exactly one value is read or skipped for each key
///     }
///     try scanner.finish()
public struct StrictJSONScanner {
  /// Deepest nesting of objects and arrays that any scanner follows.
  public static let deepestNesting = 64

  /// What is accepted beside RFC 8259.
  public enum Dialect: Sendable {
    case strict
    /// A byte order mark before the text, and the numbers `NaN`, `Infinity` and `-Infinity`, which Python writes.
    case lenient
  }

  private enum State { case value, opened, complete }

  let dialect: Dialect
  let bytes: UnsafeRawBufferPointer
  /// Where the text starts in its file; places in errors count from the start of the file.
  let origin: Int
  /// Bytes of the text consumed so far.
  public internal(set) var position = 0

  private let maximumDepth: Int
  private var depth = 0
  /// One bit for each open container, innermost in the lowest bit; set for an object.
  private var objectBits: UInt64 = 0
  private var state = State.value

  /// Starts before the first value, after proving that the text is UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: the text, which must outlive the scanner.
  ///   - origin: offset of the text in its file, for the places in errors.
  ///   - maximumDepth: nesting at which to give up, 1 to ``deepestNesting``.
  ///   - dialect: what is accepted beside the standard.
  /// - Throws: `.jsonNotUTF8`.
  public init(
    _ bytes: UnsafeRawBufferPointer, origin: Int = 0, maximumDepth: Int = 16, dialect: Dialect = .strict
  ) throws {
    precondition((1...StrictJSONScanner.deepestNesting).contains(maximumDepth), "depth limit \(maximumDepth)")
    self.bytes = bytes
    self.origin = origin
    self.maximumDepth = maximumDepth
    self.dialect = dialect
    if dialect == .lenient, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if let index = StrictJSONScanner.firstInvalidUTF8(in: bytes) {
      throw failure(.jsonNotUTF8, "the text is not UTF-8", at: index, expected: "UTF-8")
    }
  }

  /// The type of the value that comes next, told from its first byte.
  ///
  /// - Throws: `.jsonSyntax` if no value can start here.
  public mutating func kind() throws -> StrictJSONKind {
    precondition(state == .value, "no value is due at offset \(origin + position)")
    skipWhitespace()
    guard position < bytes.count else { throw syntaxFailure(at: position, expected: "a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "N"), UInt8(ascii: "I"):
      guard dialect == .lenient else { throw syntaxFailure(at: position, expected: "a value") }
      return .number
    default: throw syntaxFailure(at: position, expected: "a value")
    }
  }

  /// Enters an object; read it with ``nextKey()``.
  ///
  /// - Throws: `.jsonWrongType`, `.jsonTooDeep`, `.jsonSyntax`.
  public mutating func beginObject() throws {
    try expect(.object)
    try enter(isObject: true)
  }

  /// Enters an array; read it with ``nextElement()``.
  ///
  /// - Throws: `.jsonWrongType`, `.jsonTooDeep`, `.jsonSyntax`.
  public mutating func beginArray() throws {
    try expect(.array)
    try enter(isObject: false)
  }

  /// The next key of the innermost object, after which exactly one value is due; `nil` once the object has ended.
  ///
  /// - Throws: `.jsonSyntax`.
  public mutating func nextKey() throws -> String? {
    precondition(depth > 0 && objectBits & 1 == 1, "not inside an object")
    guard try advance(closing: UInt8(ascii: "}")) else { return nil }
    skipWhitespace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      throw syntaxFailure(at: position, expected: "a key in quotes")
    }
    let key = try scanString()
    skipWhitespace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
      throw syntaxFailure(at: position, expected: "a colon after the key")
    }
    position += 1
    return key
  }

  /// Whether the innermost array has one more element, which is then due; `false` once the array has ended.
  ///
  /// - Throws: `.jsonSyntax`.
  public mutating func nextElement() throws -> Bool {
    precondition(depth > 0 && objectBits & 1 == 0, "not inside an array")
    return try advance(closing: UInt8(ascii: "]"))
  }

  /// Proves that nothing but white space follows the outermost value.
  ///
  /// - Throws: `.jsonSyntax`.
  public mutating func finish() throws {
    precondition(depth == 0 && state == .complete, "the outermost value was not read to its end")
    skipWhitespace()
    guard position == bytes.count else { throw syntaxFailure(at: position, expected: "the end of the text") }
  }

  /// Proves that a value of a type comes next.
  mutating func expect(_ wanted: StrictJSONKind) throws {
    let found = try kind()
    guard found == wanted else { throw wrongType(expected: wanted, found: found) }
  }

  /// Notes that the value that was due has been read.
  mutating func completeValue() { state = .complete }

  mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func enter(isObject: Bool) throws {
    guard depth < maximumDepth else {
      throw failure(
        .jsonTooDeep, "the JSON text is nested too deeply", at: position,
        expected: "at most \(maximumDepth) levels of objects and arrays", found: "one level more")
    }
    position += 1
    depth += 1
    objectBits = objectBits << 1 | (isObject ? 1 : 0)
    state = .opened
  }

  /// Moves to the next member; `false` if the container was closed instead.
  private mutating func advance(closing: UInt8) throws -> Bool {
    precondition(state != .value, "the value before offset \(origin + position) was neither read nor skipped")
    skipWhitespace()
    guard position < bytes.count else {
      throw syntaxFailure(at: position, expected: "\"\(Unicode.Scalar(closing))\"")
    }
    if bytes[position] == closing {
      position += 1
      depth -= 1
      objectBits >>= 1
      state = .complete
      return false
    }
    if state == .complete {
      guard bytes[position] == UInt8(ascii: ",") else {
        throw syntaxFailure(at: position, expected: "a comma or \"\(Unicode.Scalar(closing))\"")
      }
      position += 1
    }
    state = .value
    return true
  }
}
