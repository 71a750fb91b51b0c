import NumericKernels

/// Memory of one worker that is reused from step to step.
final class WorkerScratch: @unchecked Sendable {
  /// For integer products.
  let multiplication = MultiplicationScratch()

  private var buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)

  deinit { buffer.deallocate() }

  /// A buffer of this many values; what is in it is undefined.
  ///
  /// The next call invalidates the result of this one.
  func floats(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    if buffer.count < count {
      buffer.deallocate()
      buffer = .allocate(capacity: count)
      buffer.initialize(repeating: 0)
    }
    return UnsafeMutableBufferPointer(rebasing: buffer[..<count])
  }
}
