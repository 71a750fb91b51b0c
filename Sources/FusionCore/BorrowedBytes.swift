/// Bytes that belong to someone else, and stay where they are for as long as this object lives.
public final class BorrowedBytes: @unchecked Sendable {
  /// The bytes, never written; of any alignment.
  public let bytes: UnsafeRawBufferPointer
  private let giveBack: @Sendable () -> Void

  /// Lends bytes.
  ///
  /// - Parameter giveBack: called when the last reference is gone; keeps the owner alive until then.
  public init(_ bytes: UnsafeRawBufferPointer, giveBack: @escaping @Sendable () -> Void) {
    self.bytes = bytes
    self.giveBack = giveBack
  }

  deinit { giveBack() }
}
