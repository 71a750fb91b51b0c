internal import CContainerMessages
internal import CProtobufC

/// Memory for messages that are being built; all of it is freed together.
final class MessageArena {
  private var slabs: [UnsafeMutableRawPointer] = []
  private var next = 0
  private var end = 0
  private static let slabByteCount = 256 << 10
  private static let alignment = 16

  deinit { slabs.forEach { $0.deallocate() } }

  /// Zeroed room for values of a plain C type.
  func allocate<T: BitwiseCopyable>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    let bytes = (MemoryLayout<T>.stride * max(count, 1) + MessageArena.alignment - 1) & ~(MessageArena.alignment - 1)
    if slabs.isEmpty || bytes > end - next {
      end = max(bytes, MessageArena.slabByteCount)
      next = 0
      slabs.append(.allocate(byteCount: end, alignment: MessageArena.alignment))
    }
    let start = slabs[slabs.count - 1] + next
    next += bytes
    start.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return start.bindMemory(to: T.self, capacity: max(count, 1))
  }

  /// A copy of some bytes as a field's value.
  func binary(_ bytes: some Collection<UInt8>) -> ProtobufCBinaryData {
    let copy = allocate(UInt8.self, count: bytes.count)
    _ = UnsafeMutableBufferPointer(start: copy, count: bytes.count).initialize(from: bytes)
    return ProtobufCBinaryData(len: bytes.count, data: copy)
  }

  /// A text as a field's value.
  func binary(_ text: String) -> ProtobufCBinaryData { binary(text.utf8) }

  /// An array of pointers to messages, each initialised and then filled.
  func messages<Value, Message: BitwiseCopyable>(
    _ values: [Value], _ initialise: (UnsafeMutablePointer<Message>) -> Void,
    _ fill: (Value, UnsafeMutablePointer<Message>) -> Void
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?> {
    let pointers = allocate(Optional<UnsafeMutablePointer<Message>>.self, count: values.count)
    for (position, value) in values.enumerated() {
      let message = allocate(Message.self, count: 1)
      initialise(message)
      fill(value, message)
      pointers[position] = message
    }
    return pointers
  }
}
