import FusionCore
import ZstdCodec

/// Encodes chunks; use one for each thread. The result depends on the bytes, the policy and the libzstd version only.
public final class ChunkEncoder {
  /// The library that decides the bytes of a compressed chunk, with its version.
  public static var compressor: String { "zstd \(ZstdEncoder.libraryVersion)" }

  private let numberEncoder = ZstdEncoder(.literalsOnly)
  private lazy var textEncoder = ZstdEncoder(.general(level: 12))
  private var planes: [UInt8] = []
  private var compressed: [UInt8] = []
  /// A chunk is stored raw unless compression saves more than this part of it: decoding costs time.
  private static let leastSavingDivisor = 64

  /// Makes an encoder whose memory is reused from chunk to chunk.
  public init() {}

  /// Encodes rows of a stream.
  ///
  /// - Parameters:
  ///   - raw: 1 to ``ContainerLimits/maximumRawChunkByteCount`` bytes, whole elements.
  ///   - elementByteCount: width of a float of the stream, 1 for codes: what
  ///     `TensorEncoding.StreamLayout.elementByteCount` says.
  ///   - policy: whether to compress.
  /// - Throws: `.zstdEncodingFailed`.
  public func encode(
    _ raw: UnsafeRawBufferPointer, elementByteCount: Int, policy: CompressionPolicy
  ) throws -> EncodedChunk {
    checkSize(raw)
    guard policy == .zstd else { return rawChunk(raw) }
    guard BytePlanes.elementByteCounts.contains(elementByteCount) else {
      precondition(elementByteCount == 1, "elements of \(elementByteCount) bytes")
      return try compress(raw, of: raw, .zstd, numberEncoder, sectionCount: 1)
    }
    if planes.count < raw.count { planes = [UInt8](repeating: 0, count: raw.count) }
    planes.withUnsafeMutableBytes {
      BytePlanes.split(
        raw, elementByteCount: elementByteCount, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<raw.count]))
    }
    return try planes.withUnsafeBytes {
      try compress(
        UnsafeRawBufferPointer(rebasing: $0[..<raw.count]), of: raw, .planesZstd, numberEncoder,
        sectionCount: elementByteCount)
    }
  }

  /// Encodes a chunk of a small file, which is text that repeats itself.
  ///
  /// - Throws: `.zstdEncodingFailed`.
  public func encodeText(_ raw: UnsafeRawBufferPointer, policy: CompressionPolicy) throws -> EncodedChunk {
    checkSize(raw)
    return policy == .zstd ? try compress(raw, of: raw, .zstd, textEncoder, sectionCount: 1) : rawChunk(raw)
  }

  private func compress(
    _ bytes: UnsafeRawBufferPointer, of raw: UnsafeRawBufferPointer, _ coding: ChunkCoding, _ encoder: ZstdEncoder,
    sectionCount: Int
  ) throws -> EncodedChunk {
    let bound = ZstdEncoder.bound(bytes.count) + 8 * sectionCount
    if compressed.count < bound { compressed = [UInt8](repeating: 0, count: bound) }
    let count = try compressed.withUnsafeMutableBytes { room in
      sectionCount == 1
        ? try encoder.encode(bytes, into: room)
        : try encoder.encode(bytes, sectionCount: sectionCount, into: room)
    }
    guard count < raw.count - raw.count / ChunkEncoder.leastSavingDivisor else { return rawChunk(raw) }
    return EncodedChunk(stored: Array(compressed[..<count]), rawByteCount: raw.count, coding: coding)
  }

  private func rawChunk(_ raw: UnsafeRawBufferPointer) -> EncodedChunk {
    EncodedChunk(stored: Array(raw), rawByteCount: raw.count, coding: .raw)
  }

  private func checkSize(_ raw: UnsafeRawBufferPointer) {
    precondition(
      (1...ContainerLimits.maximumRawChunkByteCount).contains(raw.count), "a chunk of \(raw.count) bytes")
  }
}
