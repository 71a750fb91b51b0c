/// Memory that begins at a cache line and grows when more is asked for; what was in it is lost then.
final class AlignedBuffer {
  private var bytes = AlignedAllocation.allocate(byteCount: 64)

  /// Makes room for at least so many bytes.
  func reserve(byteCount: Int) {
    guard byteCount > bytes.count else { return }
    bytes.deallocate()
    bytes = AlignedAllocation.allocate(byteCount: byteCount)
  }

  /// The first element.
  func pointer<Element>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
    // The buffer is never empty, so it has an address.
    guard let base = bytes.baseAddress else { preconditionFailure("a buffer without memory") }
    return base.assumingMemoryBound(to: type)
  }

  deinit { bytes.deallocate() }
}
