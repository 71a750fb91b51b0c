import FusionCore

/// Proves the fields of one chunk but for its place in the file.
struct ChunkValidator {
  /// Whether the elements are wider than a byte.
  let mayHavePlanes: Bool
  /// What the chunk must decode to.
  let rawByteCount: Int

  /// - Throws: `.containerChunkCountWrong`.
  static func checkCount(_ count: Int, expected: Int, _ place: String) throws {
    guard count != expected else { return }
    throw FusionError.container(
      .containerChunkCountWrong, "the number of chunks does not go with the size", place: place,
      expected: "\(expected) chunks", found: "\(count) chunks")
  }

  /// - Throws: `.containerChunkTooLarge`, `.containerChunkSizeWrong`, `.containerInvalidCoding`.
  func check(_ chunk: ContainerChunk, _ place: @autoclosure () -> String) throws {
    guard rawByteCount <= ContainerLimits.maximumRawChunkByteCount else {
      throw FusionError.container(
        .containerChunkTooLarge, "a chunk is too large", place: place(),
        expected: "at most \(ContainerLimits.maximumRawChunkByteCount) bytes", found: "\(rawByteCount) bytes")
    }
    guard chunk.rawByteCount == rawByteCount else {
      throw FusionError.container(
        .containerChunkSizeWrong, "a chunk does not have the bytes that its rows need", place: place(),
        expected: "\(rawByteCount) bytes", found: "\(chunk.rawByteCount) bytes")
    }
    let hasFittingSize =
      chunk.coding == .raw
      ? chunk.storedByteCount == rawByteCount : (1..<rawByteCount).contains(chunk.storedByteCount)
    guard hasFittingSize, mayHavePlanes || chunk.coding != .planesZstd else {
      throw FusionError.container(
        .containerInvalidCoding, "the coding of a chunk does not go with its size or elements", place: place(),
        expected: "raw bytes, or fewer compressed ones; planes only of wide elements",
        found: "\(chunk.storedByteCount) bytes as \(chunk.coding.name) for \(rawByteCount) bytes")
    }
  }
}
