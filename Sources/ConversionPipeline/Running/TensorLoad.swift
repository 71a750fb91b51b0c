import ContainerFormat
import FusionCore
import FusionRuntime

/// A tensor of a container on its way into memory, chunk by chunk and from several threads.
///
/// A stream whose chunks are all stored raw is used where it lies in the mapped file. Its chunks stand apart there, those
/// of the other streams between them, so that the weight comes in runs of rows. Other streams are decoded one chunk
/// behind the other.
final class TensorLoad: @unchecked Sendable {
  /// A chunk to read.
  struct Piece: Sendable {
    /// Position of the tensor among those that are read together.
    let load: Int
    let stream: Int
    let chunk: Int
    let entry: ContainerChunk

    var offset: Int { entry.offset }
  }

  /// Whether bytes of the file are used in place.
  let isLent: Bool
  /// Chunks of all streams.
  var chunkCount: Int { tensor.streams.reduce(0) { $0 + $1.chunks.count } }

  private let tensor: ContainerTensor
  private let name: String
  private let grid: ChunkGrid
  /// For each stream, whether it is used in place.
  private let isInPlace: [Bool]
  private let memory: AlignedMemory
  /// For each stream and chunk the bytes in the file; written by the one thread that reads the chunk.
  private let borrowed: Protected<[[BorrowedBytes?]]>

  init(_ tensor: ContainerTensor, name: String, file: String) throws {
    // A validated index has no tensor that cannot be cut.
    guard let grid = tensor.grid else { throw FusionError.missingWeight(name, file: file) }
    self.tensor = tensor
    self.name = name
    self.grid = grid
    let isInPlace = tensor.streams.map { $0.chunks.allSatisfy { $0.coding == .raw } }
    self.isInPlace = isInPlace
    isLent = isInPlace.contains(true)
    memory = AlignedMemory(
      byteCounts: zip(grid.streams, isInPlace).map { $1 ? 0 : $0.byteCount(rows: grid.rowCount) })
    borrowed = Protected(tensor.streams.map { Array(repeating: nil, count: $0.chunks.count) })
  }

  /// The chunks of all streams.
  ///
  /// - Parameter load: position of this tensor among those that are read together.
  func pieces(ofLoad load: Int) -> [Piece] {
    tensor.streams.enumerated().flatMap { stream, entry in
      entry.chunks.enumerated().map { Piece(load: load, stream: stream, chunk: $0, entry: $1) }
    }
  }

  /// Proves a chunk and makes its bytes available.
  ///
  /// - Throws: what is wrong with the chunk.
  func read(_ piece: Piece, from reader: ContainerReader, using decoder: ChunkDecoder) throws {
    let kind = tensor.streams[piece.stream].kind
    guard isInPlace[piece.stream] else {
      let room = memory.buffers[piece.stream][range(piece.stream, piece.chunk)]
      reader.populate(piece.entry)
      defer { reader.discard(piece.entry) }
      return try reader.decode(
        tensor, kind, chunk: piece.chunk, into: UnsafeMutableRawBufferPointer(rebasing: room), using: decoder)
    }
    let bytes = try reader.borrowRawChunk(tensor, kind, chunk: piece.chunk)
    borrowed.withLock { $0[piece.stream][piece.chunk] = bytes }
  }

  /// The weight, once every chunk was read.
  func matrix() -> WeightMatrix {
    let borrowed = borrowed.withLock { $0 }
    let parts = (0..<grid.chunkCount).map { chunk in
      grid.streams.indices.map { stream in
        // What all rows share is one chunk.
        let chunk = min(chunk, tensor.streams[stream].chunks.count - 1)
        guard isInPlace[stream] else {
          return UnsafeRawBufferPointer(rebasing: memory.buffers[stream][range(stream, chunk)])
        }
        guard let bytes = borrowed[stream][chunk] else { preconditionFailure("a chunk of \(name) was not read") }
        return bytes.bytes
      }
    }
    let owner = Owner(memory: memory, borrowed: borrowed)
    guard let whole = joined(parts) else {
      return WeightMatrix(
        name: name, shape: tensor.shape, dtype: tensor.dtype, encoding: tensor.encoding,
        rowsPerPart: grid.rowsPerChunk, parts: parts, owner: owner)
    }
    return WeightMatrix(
      name: name, shape: tensor.shape, dtype: tensor.dtype, encoding: tensor.encoding, streams: whole, owner: owner)
  }

  /// The streams of all rows, if their parts follow each other.
  private func joined(_ parts: [[UnsafeRawBufferPointer]]) -> [UnsafeRawBufferPointer]? {
    var whole = parts[0]
    for part in parts.dropFirst() {
      for (stream, bytes) in part.enumerated() where grid.streams[stream].span == .row {
        guard let start = whole[stream].baseAddress, start + whole[stream].count == bytes.baseAddress else {
          return nil
        }
        whole[stream] = UnsafeRawBufferPointer(start: start, count: whole[stream].count + bytes.count)
      }
    }
    return whole
  }

  /// Where a chunk of a decoded stream lies in the stream's memory.
  private func range(_ stream: Int, _ chunk: Int) -> Range<Int> {
    let layout = grid.streams[stream]
    return layout.range(rows: grid.rows(ofChunk: chunk))
  }

  /// Keeps the bytes of a weight alive.
  private struct Owner: Sendable {
    let memory: AlignedMemory
    let borrowed: [[BorrowedBytes?]]
  }
}
