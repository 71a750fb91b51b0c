/// Reads little-endian numbers from the front of bytes that nobody has checked yet.
///
/// Every call first compares with what is left; nothing is allocated and nothing traps on bad data.
public struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  /// Bytes consumed so far.
  public private(set) var position = 0

  /// Starts at the first byte of `bytes`, which must outlive the cursor.
  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Bytes left.
  public var remaining: Int { bytes.count - position }

  /// The next little-endian integer, or `nil` if fewer bytes are left than it needs.
  public mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
    let size = MemoryLayout<T>.size
    guard remaining >= size else { return nil }
    defer { position += size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// The next `count` bytes, or `nil` if fewer are left.
  public mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
  }
}
