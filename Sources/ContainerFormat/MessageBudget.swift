internal import CContainerMessages
internal import CProtobufC

/// An allocator for decoding messages that says no when too much is asked for.
///
/// Two bytes of a hostile index can ask for a message of 64 bytes; without a bound a small file takes gigabytes.
final class MessageBudget {
  /// Bytes that may be allocated at any time, the allocator's own overhead counted.
  let limit: Int
  /// Bytes allocated now.
  private(set) var used = 0
  /// Whether a request was refused.
  private(set) var isExceeded = false
  /// Bytes before each block, where its size is kept; also about what the system's allocator adds.
  private static let overhead = 16

  init(limit: Int) { self.limit = limit }

  /// Calls `body` with the allocator, valid only during the call.
  func withAllocator<Result>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) throws -> Result) rethrows -> Result {
    var allocator = ProtobufCAllocator(
      alloc: { data, size in data.flatMap { MessageBudget.from($0).allocate(size) } },
      free: { data, block in
        if let data, let block { MessageBudget.from(data).release(block) }
      },
      allocator_data: Unmanaged.passUnretained(self).toOpaque())
    return try withExtendedLifetime(self) { try body(&allocator) }
  }

  private static func from(_ data: UnsafeMutableRawPointer) -> MessageBudget {
    Unmanaged<MessageBudget>.fromOpaque(data).takeUnretainedValue()
  }

  private func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= limit - used - MessageBudget.overhead else {
      isExceeded = true
      return nil
    }
    let total = size + MessageBudget.overhead
    used += total
    let block = UnsafeMutableRawPointer.allocate(byteCount: total, alignment: MessageBudget.overhead)
    block.storeBytes(of: total, as: Int.self)
    return block + MessageBudget.overhead
  }

  private func release(_ block: UnsafeMutableRawPointer) {
    let start = block - MessageBudget.overhead
    used -= start.load(as: Int.self)
    start.deallocate()
  }
}
