import FusionCore

/// The rule where the next chunk goes; writer, reader and forecast share it.
struct ChunkPlacement {
  /// End of what was placed so far.
  private(set) var end = ContainerLimits.headerByteCount

  /// The only permitted offset of a chunk that comes next, or `nil` on overflow.
  func nextOffset(_ coding: ChunkCoding) -> Int? {
    coding == .raw ? CheckedArithmetic.aligned(end, to: ContainerLimits.chunkAlignment) : end
  }

  /// The only permitted offset of the index after the chunks, or `nil` on overflow.
  var indexOffset: Int? { CheckedArithmetic.aligned(end, to: ContainerLimits.chunkAlignment) }

  /// Moves behind a chunk; `nil` on overflow, with nothing moved.
  mutating func place(_ storedByteCount: Int, coding: ChunkCoding) -> Int? {
    guard let offset = nextOffset(coding), let end = CheckedArithmetic.sum(offset, storedByteCount) else { return nil }
    self.end = end
    return offset
  }
}
