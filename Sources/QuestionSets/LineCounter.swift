/// Counts lines up to offsets that only grow, each byte once.
struct LineCounter {
  private let bytes: UnsafeRawBufferPointer
  private var counted = 0
  private var line = 1

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Number of the line that an offset lies in, counted from 1.
  mutating func number(at offset: Int) -> Int {
    while counted < offset {
      if bytes[counted] == UInt8(ascii: "\n") { line += 1 }
      counted += 1
    }
    return line
  }
}
