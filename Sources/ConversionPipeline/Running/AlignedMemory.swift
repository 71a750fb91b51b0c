/// Buffers that start at multiples of 64 bytes, a cache line and the widest vector.
final class AlignedMemory: @unchecked Sendable {
  /// One for each size that was asked for.
  let buffers: [UnsafeMutableRawBufferPointer]

  init(byteCounts: [Int]) {
    buffers = byteCounts.map { UnsafeMutableRawBufferPointer.allocate(byteCount: $0, alignment: 64) }
  }

  deinit { for buffer in buffers { buffer.deallocate() } }
}
