import ContainerFormat

/// Tells the bytes that a tensor was made from, by the checksums of its blocks in their order.
struct SourceChecksum: Equatable {
  private(set) var value: UInt64 = 0

  init() {}

  init(value: UInt64) { self.value = value }

  /// Takes the checksum of the next block in.
  mutating func add(_ block: UInt64) {
    value = withUnsafeBytes(of: (value.littleEndian, block.littleEndian)) { ContainerChecksum.of($0) }
  }
}
