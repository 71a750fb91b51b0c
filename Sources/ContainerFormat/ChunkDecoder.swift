import FusionCore
import ZstdCodec

/// Decodes chunks; use one for each thread.
public final class ChunkDecoder {
  private let decoder = ZstdDecoder()
  private var planes: [UInt8] = []

  /// Makes a decoder whose memory is reused from chunk to chunk.
  public init() {}

  /// Proves that stored bytes are those that were written.
  ///
  /// - Throws: `.containerChunkDamaged`, without a file and place.
  public static func check(_ stored: UnsafeRawBufferPointer, _ chunk: ContainerChunk) throws {
    let found = ContainerChecksum.of(stored)
    guard found != chunk.checksum else { return }
    throw FusionError.container(
      .containerChunkDamaged, "the data of a chunk is damaged",
      expected: "checksum \(ContainerChecksum.text(chunk.checksum))", found: ContainerChecksum.text(found),
      remedy: "copy or download the file again, or convert again")
  }

  /// Proves and decodes a chunk.
  ///
  /// - Parameters:
  ///   - stored: the bytes in the file, of the size that `chunk` states.
  ///   - chunk: what a validated index says of it.
  ///   - elementByteCount: width of a float of the stream, 1 for codes and files.
  ///   - raw: room for exactly the raw bytes. On an error its content is undefined.
  /// - Throws: `FusionError` without a file: `.containerChunkDamaged`, and what `ZstdDecoder` throws.
  public func decode(
    _ stored: UnsafeRawBufferPointer, _ chunk: ContainerChunk, elementByteCount: Int,
    into raw: UnsafeMutableRawBufferPointer
  ) throws {
    precondition(stored.count == chunk.storedByteCount, "\(stored.count) bytes of \(chunk.storedByteCount) stored")
    precondition(raw.count == chunk.rawByteCount, "room for \(raw.count) bytes of \(chunk.rawByteCount)")
    try ChunkDecoder.check(stored, chunk)
    switch chunk.coding {
    case .raw: raw.copyMemory(from: stored)
    case .zstd: try decoder.decode(stored, into: raw)
    case .planesZstd:
      if planes.count < raw.count { planes = [UInt8](repeating: 0, count: raw.count) }
      try planes.withUnsafeMutableBytes { buffer in
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<raw.count])
        try decoder.decode(stored, into: room)
        BytePlanes.join(UnsafeRawBufferPointer(room), elementByteCount: elementByteCount, into: raw)
      }
    }
  }
}
