import Glibc

/// Memory that starts where vectors like it; large buffers in large pages where the system has any, so that a pass over
/// gigabytes does not spend its time on page faults and on translating addresses.
public enum AlignedAllocation {
  private static let largePageByteCount = 2 << 20

  /// Memory of undefined content, to be given back with `deallocate()`.
  ///
  /// - Returns: a buffer that starts at a multiple of 64 bytes, a cache line and the widest vector.
  public static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let isLarge = byteCount >= 2 * largePageByteCount
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? largePageByteCount : 64)
    // Advice only: it does not matter whether the system follows it.
    if isLarge { madvise(buffer.baseAddress, byteCount, MADV_HUGEPAGE) }
    return buffer
  }
}
