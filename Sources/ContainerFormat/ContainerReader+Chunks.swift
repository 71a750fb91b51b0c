import FusionCore
import MappedFiles

extension ContainerReader {
  /// Decodes a chunk of a tensor into a buffer.
  ///
  /// - Parameters:
  ///   - tensor: one of the index's tensors.
  ///   - stream: a stream of its encoding.
  ///   - chunk: number of the chunk in the stream.
  ///   - buffer: room for exactly the chunk's raw bytes. On an error its content is undefined.
  ///   - decoder: this thread's decoder.
  /// - Throws: `FusionError` that names tensor, stream and chunk: `.containerChunkDamaged`, what `ZstdDecoder` throws,
  ///   `.changedWhileReading`.
  public func decode(
    _ tensor: ContainerTensor, _ stream: TensorEncoding.StreamKind, chunk: Int,
    into buffer: UnsafeMutableRawBufferPointer, using decoder: ChunkDecoder
  ) throws {
    let (entry, width) = entry(tensor, stream, chunk)
    try naming(tensor, stream, chunk) {
      try file.withBytes(in: ContainerReader.range(entry)) {
        try decoder.decode($0, entry, elementByteCount: width, into: buffer)
      }
    }
  }

  /// Decodes a chunk of a tensor.
  ///
  /// - Throws: as for decoding into a buffer.
  public func decode(
    _ tensor: ContainerTensor, _ stream: TensorEncoding.StreamKind, chunk: Int, using decoder: ChunkDecoder
  ) throws -> [UInt8] {
    let size = entry(tensor, stream, chunk).0.rawByteCount
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size])
      try decode(tensor, stream, chunk: chunk, into: room, using: decoder)
      count = size
    }
  }

  /// Lends the mapped bytes of a chunk that is stored raw, proven on each call.
  ///
  /// - Parameters:
  ///   - tensor: one of the index's tensors.
  ///   - stream: a stream of its encoding.
  ///   - chunk: number of the chunk in the stream.
  ///   - body: gets the bytes, aligned to 64, valid only during the call.
  /// - Returns: `nil` if the chunk is compressed.
  /// - Throws: `.containerChunkDamaged`, `.changedWhileReading`; what `body` throws, unchanged.
  public func withRawChunk<Result>(
    _ tensor: ContainerTensor, _ stream: TensorEncoding.StreamKind, chunk: Int,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    let (entry, _) = entry(tensor, stream, chunk)
    guard entry.coding == .raw else { return nil }
    return try file.withBytes(in: ContainerReader.range(entry)) { bytes in
      try naming(tensor, stream, chunk) { try ChunkDecoder.check(bytes, entry) }
      return try body(bytes)
    }
  }

  /// Lends the mapped bytes of a chunk that is stored raw for longer than a call, proven once, now.
  ///
  /// A change of the file after that is not seen here: call ``checkUnchanged()`` when the work with the bytes is done.
  ///
  /// - Parameters:
  ///   - tensor: one of the index's tensors.
  ///   - stream: a stream of its encoding.
  ///   - chunk: number of the chunk in the stream.
  /// - Returns: `nil` if the chunk is compressed. The bytes are aligned to 64, and their pages no longer count as used
  ///   memory once the result is released.
  /// - Throws: `.containerChunkDamaged`, `.changedWhileReading`.
  public func borrowRawChunk(
    _ tensor: ContainerTensor, _ stream: TensorEncoding.StreamKind, chunk: Int
  ) throws -> BorrowedBytes? {
    let (entry, _) = entry(tensor, stream, chunk)
    guard entry.coding == .raw else { return nil }
    let borrowed = try file.borrow(ContainerReader.range(entry))
    file.populate(ContainerReader.range(entry))
    try naming(tensor, stream, chunk) { try ChunkDecoder.check(borrowed.bytes, entry) }
    return borrowed
  }

  /// Says that a chunk will not be read again soon, so that its pages need not count as used memory.
  public func discard(_ chunk: ContainerChunk) { file.discard(ContainerReader.range(chunk)) }

  /// Tells the system that a chunk will be read soon.
  public func willRead(_ chunk: ContainerChunk) { file.willRead(ContainerReader.range(chunk)) }

  /// Brings a chunk's stored bytes into this process's memory in one step.
  public func populate(_ chunk: ContainerChunk) { file.populate(ContainerReader.range(chunk)) }

  static func range(_ chunk: ContainerChunk) -> Range<Int> {
    chunk.offset..<(chunk.offset + chunk.storedByteCount)
  }

  private func entry(
    _ tensor: ContainerTensor, _ stream: TensorEncoding.StreamKind, _ chunk: Int
  ) -> (ContainerChunk, elementByteCount: Int) {
    guard let chunks = tensor.streams.first(where: { $0.kind == stream })?.chunks,
      let layouts = tensor.encoding.streams(shape: tensor.shape, dtype: tensor.dtype),
      let layout = layouts.first(where: { $0.kind == stream })
    else { preconditionFailure("tensor \(tensor.canonicalName) has no \(stream.title)") }
    precondition(chunks.indices.contains(chunk), "chunk \(chunk) of \(chunks.count)")
    return (chunks[chunk], layout.elementByteCount)
  }

  private func naming(
    _ tensor: ContainerTensor, _ stream: TensorEncoding.StreamKind, _ chunk: Int, _ body: () throws -> Void
  ) throws {
    do {
      try body()
    } catch let error as FusionError {
      throw error.inPlace(IndexPlace.chunk(IndexPlace.stream(tensor.canonicalName, stream), chunk)).inFile(path)
    }
  }
}
