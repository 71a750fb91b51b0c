import NumericKernels

/// Memory of one weight's streams.
final class AlignedMemory: @unchecked Sendable {
  /// One for each size that was asked for; what is in them is undefined.
  let buffers: [UnsafeMutableRawBufferPointer]

  init(byteCounts: [Int]) { buffers = byteCounts.map(AlignedAllocation.allocate) }

  deinit { for buffer in buffers { buffer.deallocate() } }
}
