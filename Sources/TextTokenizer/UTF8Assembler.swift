/// Makes characters of bytes that arrive bit by bit; what cannot become a character turns into U+FFFD.
struct UTF8Assembler: Sendable {
  /// How many replacement characters a broken sequence gives.
  enum Repair: Sendable {
    /// One for each longest beginning of a character, as Unicode recommends.
    case perSequence
    /// One for each byte.
    case perByte
  }

  private enum Status {
    case complete(Int)
    case broken(Int)
    case incomplete
  }

  private let repair: Repair
  private var pending: [UInt8] = []

  init(_ repair: Repair) { self.repair = repair }

  /// Takes more bytes and appends the characters that are certain.
  mutating func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    pending.append(contentsOf: bytes)
    var index = 0
    scan: while index < pending.count {
      switch status(at: index) {
      case .complete(let count):
        output.append(contentsOf: pending[index..<(index + count)])
        index += count
      case .broken(let count):
        output.append(contentsOf: UTF8.encodedReplacementCharacter)
        index += repair == .perSequence ? count : 1
      case .incomplete: break scan
      }
    }
    pending.removeFirst(index)
  }

  /// Appends what a broken end turns into, and starts afresh.
  mutating func finish(to output: inout [UInt8]) {
    guard !pending.isEmpty else { return }
    for _ in 0..<(repair == .perSequence ? 1 : pending.count) {
      output.append(contentsOf: UTF8.encodedReplacementCharacter)
    }
    pending = []
  }

  private func status(at index: Int) -> Status {
    let first = pending[index]
    let count: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0..<0x80: return .complete(1)
    case 0xC2...0xDF: count = 2
    case 0xE0...0xEF:
      count = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      count = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: return .broken(1)
    }
    for offset in 1..<count {
      guard index + offset < pending.count else { return .incomplete }
      let allowed = offset == 1 ? second : 0x80...0xBF
      guard allowed.contains(pending[index + offset]) else { return .broken(offset) }
    }
    return .complete(count)
  }
}

extension UTF8 {
  /// U+FFFD.
  static var encodedReplacementCharacter: [UInt8] { [0xEF, 0xBF, 0xBD] }
}
