import Glibc

/// The checksums of a container, which would stop every change of its index but the right ones.
enum ContainerSeal {
  private static let footerByteCount = 64

  /// XXH3 of the system's library, which the program itself is linked with; `nil` where there is none.
  private static let checksum: (@convention(c) (UnsafeRawPointer?, Int) -> UInt64)? = {
    guard let library = dlopen("libxxhash.so.0", RTLD_NOW), let symbol = dlsym(library, "XXH3_64bits") else {
      return nil
    }
    return unsafeBitCast(symbol, to: (@convention(c) (UnsafeRawPointer?, Int) -> UInt64).self)
  }()

  /// Where the index of a container lies; `nil` for another file.
  static func index(of bytes: [UInt8]) -> Range<Int>? {
    guard bytes.count >= 128, bytes.starts(with: [0x93, 0x46, 0x55, 0x53]) else { return nil }
    let footer = bytes.count - footerByteCount
    let (start, count) = (number(bytes, at: footer), number(bytes, at: footer + 8))
    guard start <= footer, count == footer - start else { return nil }
    return start..<footer
  }

  /// The file with right lengths and checksums around an index that changed.
  static func sealed(_ bytes: [UInt8], indexAt start: Int) -> [UInt8] {
    guard let checksum, bytes.count >= start + footerByteCount else { return bytes }
    var bytes = bytes
    let footer = bytes.count - footerByteCount
    put(footer - start, at: footer + 8, in: &bytes)
    put(
      Int(bitPattern: UInt(bytes[start..<footer].withUnsafeBytes { checksum($0.baseAddress, $0.count) })),
      at: footer + 16, in: &bytes)
    put(bytes.count, at: footer + 24, in: &bytes)
    put(
      Int(bitPattern: UInt(bytes[footer..<(footer + 48)].withUnsafeBytes { checksum($0.baseAddress, $0.count) })),
      at: footer + 48, in: &bytes)
    return bytes
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    let value = bytes[offset..<(offset + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? .max
  }

  private static func put(_ value: Int, at offset: Int, in bytes: inout [UInt8]) {
    for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
  }
}
