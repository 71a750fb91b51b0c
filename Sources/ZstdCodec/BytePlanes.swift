/// Splits elements of 2, 4 or 8 bytes into one run of bytes for each byte of the element.
///
/// Each element is read as a little-endian integer and rotated left by one bit, so that the exponent of a bfloat16 or
/// float32 is alone in the top byte; that byte is very compressible, the others hardly. Plane 0 holds the top bytes.
///
/// ```
/// elements   AaBb CcDd EeFf      (top byte A, lowest byte b)
/// planes     A C E | a c e | B D F | b d f
/// ```
public enum BytePlanes {
  /// Element widths in bytes that can be split.
  public static let elementByteCounts: Set<Int> = [2, 4, 8]

  /// Writes the planes of some elements.
  ///
  /// - Precondition: the width is one of ``elementByteCounts``, both buffers have the same size, a multiple of it, and
  ///   do not overlap.
  public static func split(
    _ elements: UnsafeRawBufferPointer, elementByteCount: Int, into planes: UnsafeMutableRawBufferPointer
  ) {
    let count = checkedCount(elements.count, planes.count, elementByteCount)
    guard let source = elements.baseAddress, let target = planes.baseAddress else { return }
    let bytes = target.assumingMemoryBound(to: UInt8.self)
    switch elementByteCount {
    case 2:
      let (top, low) = (bytes, bytes + count)
      for i in 0..<count {
        let word = rotatedLeft(source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
        top[i] = UInt8(truncatingIfNeeded: word >> 8)
        low[i] = UInt8(truncatingIfNeeded: word)
      }
    case 4:
      let (top, second, third, low) = (bytes, bytes + count, bytes + 2 * count, bytes + 3 * count)
      for i in 0..<count {
        let word = rotatedLeft(source.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self))
        top[i] = UInt8(truncatingIfNeeded: word >> 24)
        second[i] = UInt8(truncatingIfNeeded: word >> 16)
        third[i] = UInt8(truncatingIfNeeded: word >> 8)
        low[i] = UInt8(truncatingIfNeeded: word)
      }
    default:
      for i in 0..<count {
        let word = rotatedLeft(source.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self))
        for plane in 0..<8 { bytes[plane * count + i] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * plane)) }
      }
    }
  }

  /// Writes the elements of some planes; the inverse of ``split(_:elementByteCount:into:)``.
  ///
  /// - Precondition: as for splitting.
  public static func join(
    _ planes: UnsafeRawBufferPointer, elementByteCount: Int, into elements: UnsafeMutableRawBufferPointer
  ) {
    let count = checkedCount(planes.count, elements.count, elementByteCount)
    guard let source = planes.baseAddress, let target = elements.baseAddress else { return }
    let bytes = source.assumingMemoryBound(to: UInt8.self)
    switch elementByteCount {
    case 2:
      let (top, low) = (bytes, bytes + count)
      for i in 0..<count {
        let word = UInt16(top[i]) << 8 | UInt16(low[i])
        target.storeBytes(of: rotatedRight(word), toByteOffset: 2 * i, as: UInt16.self)
      }
    case 4:
      let (top, second, third, low) = (bytes, bytes + count, bytes + 2 * count, bytes + 3 * count)
      for i in 0..<count {
        let word = UInt32(top[i]) << 24 | UInt32(second[i]) << 16 | UInt32(third[i]) << 8 | UInt32(low[i])
        target.storeBytes(of: rotatedRight(word), toByteOffset: 4 * i, as: UInt32.self)
      }
    default:
      for i in 0..<count {
        var word: UInt64 = 0
        for plane in 0..<8 { word = word << 8 | UInt64(bytes[plane * count + i]) }
        target.storeBytes(of: rotatedRight(word), toByteOffset: 8 * i, as: UInt64.self)
      }
    }
  }

  private static func checkedCount(_ from: Int, _ to: Int, _ width: Int) -> Int {
    precondition(elementByteCounts.contains(width), "elements of \(width) bytes have no byte planes")
    precondition(from == to && from % width == 0, "\(from) and \(to) bytes for elements of \(width) bytes")
    return from / width
  }

  /// Rotation on the value as a little-endian integer, whatever the machine.
  @inline(__always)
  private static func rotatedLeft<T: FixedWidthInteger & UnsignedInteger>(_ stored: T) -> T {
    let word = T(littleEndian: stored)
    return word &<< 1 | word &>> T(T.bitWidth - 1)
  }

  @inline(__always)
  private static func rotatedRight<T: FixedWidthInteger & UnsignedInteger>(_ word: T) -> T {
    (word &>> 1 | word &<< T(T.bitWidth - 1)).littleEndian
  }
}
