internal import CContainerMessages
internal import CProtobufC

/// Compares the canonical encoding of a message with bytes, without holding a second copy of them.
struct CanonicalComparison {
  /// The first member, so that the buffer's address is that of the comparison.
  private var buffer: ProtobufCBuffer
  private let expected: UnsafeRawBufferPointer
  private var position = 0
  private var mismatch: Int?

  private init(_ expected: UnsafeRawBufferPointer) {
    self.expected = expected
    buffer = ProtobufCBuffer { buffer, count, bytes in
      guard let buffer else { return }
      UnsafeMutableRawPointer(buffer).assumingMemoryBound(to: CanonicalComparison.self).pointee
        .append(UnsafeRawBufferPointer(start: bytes, count: count))
    }
  }

  /// Offset of the first byte where `bytes` are not what packing `message` gives; `nil` if they are.
  static func firstDifference(
    _ message: UnsafePointer<Fusion__Container__Index>, _ bytes: UnsafeRawBufferPointer
  ) -> Int? {
    var comparison = CanonicalComparison(bytes)
    withUnsafeMutablePointer(to: &comparison) { pointer in
      let buffer = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: ProtobufCBuffer.self)
      _ = fusion__container__index__pack_to_buffer(message, buffer)
    }
    return comparison.mismatch ?? (comparison.position == bytes.count ? nil : comparison.position)
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard mismatch == nil else { return }
    let rest = expected[position...]
    if rest.count >= bytes.count, rest.prefix(bytes.count).elementsEqual(bytes) {
      position += bytes.count
    } else {
      mismatch = position + zip(rest, bytes).prefix { $0 == $1 }.count
    }
  }
}
