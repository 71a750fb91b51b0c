internal import CXXHash

/// The checksum of the format: XXH3, 64 bits, seed 0. It finds damage, not forgery.
public enum ContainerChecksum {
  /// The checksum of some bytes; empty is allowed.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 { XXH3_64bits(bytes.baseAddress, bytes.count) }

  /// The checksum of an array.
  public static func of(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { of($0) } }

  /// Sixteen hexadecimal digits, as errors show a checksum.
  static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
