/// Reads the little-endian numbers of a header whose length is known.
///
/// Not generic, unlike `ByteCursor`: an archive has hundreds of thousands of these numbers, and unspecialised calls made
/// up half of the time to refuse one.
struct ZipFields {
  private let bytes: UnsafeRawBufferPointer
  /// Bytes consumed so far.
  private(set) var position = 0

  /// Starts at the first byte of a header.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next number of two bytes; 0 past the end.
  mutating func next16() -> UInt16 {
    guard bytes.count - position >= 2 else { return 0 }
    defer { position += 2 }
    return UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
  }

  /// The next number of four bytes; 0 past the end.
  mutating func next32() -> UInt32 {
    guard bytes.count - position >= 4 else { return 0 }
    defer { position += 4 }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
  }

  /// The next `count` bytes, or `nil` if fewer are left.
  mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, bytes.count - position >= count else { return nil }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
  }
}
