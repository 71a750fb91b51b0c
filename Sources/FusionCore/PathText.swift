/// Paths as text, though a system's paths are bytes that need not be UTF-8.
///
/// A byte that is not part of UTF-8 stands in a `String` as the private character U+10F700 plus the byte; so do the bytes
/// of such a character itself, so that no two paths have the same text. Text without such characters is the path in
/// UTF-8. Everything that hands a path to the system takes its bytes from ``pathBytes``.
extension String {
  private static let firstEscape: UInt32 = 0x10F700
  /// First byte of all these characters in UTF-8, and of few others.
  private static let escapeLead: UInt8 = 0xF4

  /// The text of a path.
  public init(pathBytes bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self),
      !bytes.contains(Self.escapeLead) || !text.unicodeScalars.contains(where: \.standsForByte)
    {
      self = text
      return
    }
    var scalars = String.UnicodeScalarView()
    var rest = Array(bytes)[...]
    while let first = rest.first {
      let length = Self.scalarLength(first)
      if length <= rest.count, let text = String(validating: rest.prefix(length), as: UTF8.self),
        let scalar = text.unicodeScalars.first, !scalar.standsForByte
      {
        scalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        Unicode.Scalar(Self.firstEscape + UInt32(first)).map { scalars.append($0) }
        rest = rest.dropFirst()
      }
    }
    self = String(scalars)
  }

  /// The bytes of the path that this text stands for, without a zero at the end.
  public var pathBytes: [UInt8] {
    guard utf8.contains(Self.escapeLead), unicodeScalars.contains(where: \.standsForByte) else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in
      scalar.standsForByte ? [UInt8(truncatingIfNeeded: scalar.value - Self.firstEscape)] : Array(String(scalar).utf8)
    }
  }

  /// Calls `body` with the path's bytes as C takes them. Nothing behind a zero byte is seen, so names from files must be
  /// checked for one before.
  public func withPathBytes<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    guard utf8.contains(Self.escapeLead) else { return try withCString(body) }
    let bytes = pathBytes.map { CChar(bitPattern: $0) } + [0]
    return try bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array with a zero is not empty") }
      return try body(base)
    }
  }

  private static func scalarLength(_ lead: UInt8) -> Int {
    switch lead {
    case 0..<0x80: 1
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    default: 4
    }
  }
}

extension Unicode.Scalar {
  /// Whether this stands for a byte of a path that is not part of UTF-8.
  var standsForByte: Bool { (0x10F780...0x10F7FF).contains(value) }
}
