/// Memory of one worker that is reused from step to step.
final class WorkerScratch: @unchecked Sendable {
  private var buffers: [UnsafeMutableBufferPointer<Float>] = []

  deinit { for buffer in buffers { buffer.deallocate() } }

  /// A buffer of at least this many values; what is in it is undefined.
  ///
  /// - Parameter slot: number of the buffer; a worker that needs two at the same time names two slots.
  func floats(_ count: Int, slot: Int = 0) -> UnsafeMutableBufferPointer<Float> {
    while buffers.count <= slot { buffers.append(.allocate(capacity: 0)) }
    if buffers[slot].count < count {
      buffers[slot].deallocate()
      buffers[slot] = .allocate(capacity: count)
      buffers[slot].initialize(repeating: 0)
    }
    return UnsafeMutableBufferPointer(rebasing: buffers[slot][..<count])
  }
}
