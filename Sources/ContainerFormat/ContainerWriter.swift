import FusionCore
import MappedFiles

/// Writes a container front to back: header, chunks as they come, index, footer.
///
/// Nothing has the output's name before ``finish(index:)`` has returned. Not safe for use from two threads at once, but
/// for ``readBack(_:)``, which may run beside ``append(_:)`` for chunks that were appended before.
public final class ContainerWriter {
  /// Where the file will be.
  public let path: String
  private let output: any OutputFile
  /// The same file, where it lies under a name of its own until it is complete.
  private let partial: PartialFile?
  private var placement = ChunkPlacement()

  /// Starts a container.
  ///
  /// - Parameters:
  ///   - path: the final name; its folder must exist.
  ///   - replacing: whether a file of that name may be replaced.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.writeFailed`, `.noSpace`.
  public init(path: String, replacing: Bool) throws {
    self.path = path
    output = try AtomicFile(path: path, replacing: replacing)
    partial = nil
    try output.append(ContainerHeader().encoded)
  }

  /// Starts a container in a file that may hold the beginning of one, or goes on with it.
  ///
  /// The caller appends the small files as before, which proves those that are there, then says with ``takeOver(_:)``
  /// which chunks are there, and appends what comes behind them.
  ///
  /// - Throws: `.partialFileDiffers`, `.readFailed`, `.writeFailed`, `.noSpace`.
  public init(continuing file: PartialFile) throws {
    path = file.path
    output = file
    partial = file
    let header = ContainerHeader().encoded
    // A file without anything to keep is written over, which nothing but a container may be.
    try file.checkBeginning(header)
    try output.append(header)
  }

  /// Bytes written so far.
  public var byteCount: Int { output.byteCount }

  /// Writes a chunk behind those written before.
  ///
  /// - Returns: the entry for the index.
  /// - Throws: `.writeFailed`, `.noSpace`.
  public func append(_ chunk: EncodedChunk) throws -> ContainerChunk {
    guard let offset = placement.place(chunk.stored.count, coding: chunk.coding) else {
      throw ContainerAssembly.tooLarge.inFile(path)
    }
    try pad(to: offset)
    try output.append(chunk.stored)
    return ContainerChunk(
      offset: offset, storedByteCount: chunk.stored.count, rawByteCount: chunk.rawByteCount,
      checksum: chunk.checksum, coding: chunk.coding)
  }

  /// Goes behind a chunk that is in the file already.
  ///
  /// The chunk's own bytes are not looked at; ``readBack(_:)`` proves them.
  ///
  /// - Parameter chunk: the next chunk in the order in which they were written.
  /// - Returns: whether a chunk of this size and coding lies there, within the bytes that are kept.
  /// - Throws: `.partialFileDiffers` for padding that is not 0, `.readFailed`.
  /// - Precondition: the writer goes on with a file.
  public func takeOver(_ chunk: ContainerChunk) throws -> Bool {
    guard let partial else { preconditionFailure("a new file holds no chunks") }
    guard placement.nextOffset(chunk.coding) == chunk.offset,
      placement.place(chunk.storedByteCount, coding: chunk.coding) != nil, placement.end <= partial.keptByteCount
    else { return false }
    try pad(to: chunk.offset)
    partial.pass(to: placement.end)
    return true
  }

  /// Makes durable what was written so far to a file that another process could go on with.
  ///
  /// - Throws: `.writeFailed`, `.noSpace`.
  public func sync() throws { try partial?.sync() }

  /// Encodes a small file in chunks and writes them.
  ///
  /// - Parameters:
  ///   - name: plain file name.
  ///   - bytes: the content.
  ///   - sha256: its SHA-256, 32 bytes.
  /// - Returns: the entry for the index.
  /// - Throws: `.writeFailed`, `.noSpace`, `.zstdEncodingFailed`.
  public func append(
    fileNamed name: String, _ bytes: [UInt8], sha256: [UInt8], policy: CompressionPolicy, using encoder: ChunkEncoder
  ) throws -> ContainerFile {
    let chunks = try ContainerFile.chunkRanges(byteCount: bytes.count).map { range in
      try append(bytes[range].withUnsafeBytes { try encoder.encodeText($0, policy: policy) })
    }
    return ContainerFile(name: name, byteCount: bytes.count, chunks: chunks, sha256: sha256)
  }

  /// Reads the stored bytes of a chunk from the output and proves them.
  ///
  /// - Parameter chunk: what ``append(_:)`` returned.
  /// - Throws: `.readFailed`, `.containerChunkDamaged`.
  public func readBack(_ chunk: ContainerChunk) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: chunk.storedByteCount) { buffer, count in
      let room = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<chunk.storedByteCount])
      try output.read(at: chunk.offset, into: room)
      count = chunk.storedByteCount
    }
    try naming(chunk) { try bytes.withUnsafeBytes { try ChunkDecoder.check($0, chunk) } }
    return bytes
  }

  /// Reads a chunk from the output, proves it and decodes it.
  ///
  /// - Parameters:
  ///   - chunk: what ``append(_:)`` returned.
  ///   - elementByteCount: the width that it was encoded with.
  ///   - raw: room for exactly the raw bytes.
  ///   - decoder: this thread's decoder.
  /// - Throws: `.readFailed`, `.containerChunkDamaged`, and what `ZstdDecoder` throws.
  public func readBack(
    _ chunk: ContainerChunk, elementByteCount: Int, into raw: UnsafeMutableRawBufferPointer,
    using decoder: ChunkDecoder
  ) throws {
    let bytes = try readBack(chunk)
    try naming(chunk) {
      try bytes.withUnsafeBytes { try decoder.decode($0, chunk, elementByteCount: elementByteCount, into: raw) }
    }
  }

  /// Proves the index as a reader would, writes it, and gives the file its name.
  ///
  /// - Returns: size of the file.
  /// - Throws: the codes of a reader for an index that breaks a rule; `.writeFailed`, `.noSpace`, `.outputExists`.
  public func finish(index: ContainerIndex) throws -> Int {
    let assembly: ContainerAssembly
    do {
      assembly = try ContainerAssembly(index, after: placement)
      // What a reader could not take back must not get a name.
      _ = try assembly.index.withUnsafeBytes { try IndexDecoder.decode($0) }
    } catch let error as FusionError {
      throw error.inFile(path)
    }
    try pad(to: assembly.footer.indexOffset)
    try output.append(assembly.index)
    try output.append(assembly.footer.encoded)
    try output.commit()
    return output.byteCount
  }

  private func pad(to offset: Int) throws {
    precondition(offset >= output.byteCount, "placement and output disagree")
    if offset > output.byteCount { try output.append([UInt8](repeating: 0, count: offset - output.byteCount)) }
  }

  private func naming(_ chunk: ContainerChunk, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FusionError {
      throw error.inPlace("chunk at offset \(chunk.offset)").inFile(path)
    }
  }
}
