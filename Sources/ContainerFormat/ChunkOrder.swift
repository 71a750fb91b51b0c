import FusionCore

/// Proves that the chunks fill the file from the header to the index, each where the rule puts it.
struct ChunkOrder {
  private struct Entry {
    let offset: Int
    let storedByteCount: Int
    let coding: ChunkCoding
    /// Position of the tensor, or of the file behind the last tensor.
    let owner: Int32
    let stream: Int32
    let chunk: Int32
  }

  /// - Throws: `.containerChunkOverlap`, `.containerChunkGap`, `.containerChunkOutside`,
  ///   `.containerIndexMisplaced`.
  static func check(_ index: ContainerIndex, indexOffset: Int) throws {
    let entries = entries(index)
    for entry in entries {
      guard entry.offset <= indexOffset, entry.storedByteCount <= indexOffset - entry.offset else {
        throw refusal(
          .containerChunkOutside, "a chunk lies outside of the chunks' part of the file", entry, index,
          "an end of at most \(indexOffset)", "offset \(entry.offset) and \(entry.storedByteCount) bytes")
      }
    }
    var placement = ChunkPlacement()
    for entry in entries {
      guard let expected = placement.nextOffset(entry.coding) else {
        preconditionFailure("a chunk that ends before the index overflows")
      }
      guard entry.offset >= placement.end else {
        throw refusal(
          .containerChunkOverlap, "a chunk overlaps what is before it", entry, index, "offset \(expected)",
          "offset \(entry.offset)")
      }
      guard entry.offset == expected else {
        throw refusal(
          .containerChunkGap, "a chunk is not right behind the one before it, or not aligned", entry, index,
          "offset \(expected)", "offset \(entry.offset)")
      }
      guard placement.place(entry.storedByteCount, coding: entry.coding) != nil else {
        preconditionFailure("a chunk that ends before the index overflows")
      }
    }
    guard placement.indexOffset == indexOffset else {
      throw FusionError.container(
        .containerIndexMisplaced, "the index is not right behind the last chunk", place: "index",
        expected: "offset \(placement.indexOffset.map(String.init) ?? "below 2^63")", found: "offset \(indexOffset)")
    }
  }

  private static func entries(_ index: ContainerIndex) -> [Entry] {
    var entries: [Entry] = []
    func append(_ chunks: [ContainerChunk], owner: Int, stream: Int) {
      for (number, chunk) in chunks.enumerated() {
        entries.append(
          Entry(
            offset: chunk.offset, storedByteCount: chunk.storedByteCount, coding: chunk.coding, owner: Int32(owner),
            stream: Int32(stream), chunk: Int32(number)))
      }
    }
    for (owner, tensor) in index.tensors.enumerated() {
      for (position, stream) in tensor.streams.enumerated() {
        append(stream.chunks, owner: owner, stream: position)
      }
    }
    for (position, file) in index.files.enumerated() {
      append(file.chunks, owner: index.tensors.count + position, stream: 0)
    }
    return entries.sorted { $0.offset < $1.offset }
  }

  private static func refusal(
    _ code: FusionError.Code, _ summary: String, _ entry: Entry, _ index: ContainerIndex, _ expected: String,
    _ found: String
  ) -> FusionError {
    let owner = Int(entry.owner)
    let place: String
    if owner < index.tensors.count {
      let tensor = index.tensors[owner]
      place = IndexPlace.stream(tensor.canonicalName, tensor.streams[Int(entry.stream)].kind)
    } else {
      place = IndexPlace.file(index.files[owner - index.tensors.count].name)
    }
    return FusionError.container(
      code, summary, place: IndexPlace.chunk(place, Int(entry.chunk)), expected: expected, found: found)
  }
}
