import NumericKernels

/// Memory of one worker that is reused from step to step.
final class WorkerScratch: @unchecked Sendable {
  /// For integer products.
  let multiplication = MultiplicationScratch()

  private var buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)
  private var second = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)

  deinit {
    buffer.deallocate()
    second.deallocate()
  }

  /// A buffer of this many values; what is in it is undefined.
  ///
  /// The next call invalidates the result of this one.
  func floats(_ count: Int) -> UnsafeMutableBufferPointer<Float> { Self.take(count, from: &buffer) }

  /// A second buffer of this many values, which leaves that of ``floats(_:)`` alone.
  func moreFloats(_ count: Int) -> UnsafeMutableBufferPointer<Float> { Self.take(count, from: &second) }

  private static func take(
    _ count: Int, from buffer: inout UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutableBufferPointer<Float> {
    if buffer.count < count {
      buffer.deallocate()
      buffer = .allocate(capacity: count)
      buffer.initialize(repeating: 0)
    }
    return UnsafeMutableBufferPointer(rebasing: buffer[..<count])
  }
}
