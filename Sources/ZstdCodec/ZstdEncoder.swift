internal import CZstd
import FusionCore

/// Makes zstd frames; use one for each thread.
///
/// A frame is single-threaded, states its content size, has no checksum and no dictionary identifier, and depends on
/// nothing but the bytes, the parameters and the version of libzstd.
public final class ZstdEncoder {
  /// What the encoder looks for.
  public let parameters: ZstdParameters
  private let context: OpaquePointer

  /// Version of the library that compresses, for example `1.5.4`.
  public static var libraryVersion: String { String(cString: ZSTD_versionString()) }

  /// Makes an encoder whose memory is reused from frame to frame.
  ///
  /// - Precondition: a level is 1 to 19.
  public init(_ parameters: ZstdParameters) {
    guard let context = ZSTD_createCCtx() else { preconditionFailure("no memory for a compressor") }
    self.context = context
    self.parameters = parameters
    let values: [(ZSTD_cParameter, Int32)]
    switch parameters {
    case .literalsOnly:
      // A target length above 0 would turn the Huffman coding of literals off.
      values = [
        (ZSTD_c_strategy, Int32(ZSTD_fast.rawValue)), (ZSTD_c_windowLog, 17), (ZSTD_c_hashLog, 6),
        (ZSTD_c_minMatch, 7), (ZSTD_c_targetLength, 0),
      ]
    case .general(let level):
      precondition((1...19).contains(level), "zstd level \(level) is not 1 to 19")
      values = [(ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_windowLog, 23)]
    }
    for (name, value) in values + [(ZSTD_c_contentSizeFlag, 1), (ZSTD_c_checksumFlag, 0), (ZSTD_c_dictIDFlag, 0)] {
      let status = ZSTD_CCtx_setParameter(context, name, value)
      precondition(ZSTD_isError(status) == 0, "libzstd refuses parameter \(name.rawValue) = \(value)")
    }
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Most bytes that a frame of `byteCount` content bytes can take.
  ///
  /// - Precondition: `byteCount` is not negative.
  public static func bound(_ byteCount: Int) -> Int {
    precondition(byteCount >= 0, "negative byte count \(byteCount)")
    return ZSTD_compressBound(byteCount)
  }

  /// Compresses into a buffer.
  ///
  /// - Parameters:
  ///   - bytes: the content; may be empty.
  ///   - buffer: at least ``bound(_:)`` bytes.
  /// - Returns: bytes of the frame.
  /// - Throws: `.zstdEncodingFailed`.
  public func encode(_ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    precondition(buffer.count >= ZstdEncoder.bound(bytes.count), "buffer of \(buffer.count) bytes is below the bound")
    let result = ZSTD_compress2(context, buffer.baseAddress, buffer.count, bytes.baseAddress, bytes.count)
    guard ZSTD_isError(result) == 0 else {
      throw FusionError(
        .zstdEncodingFailed, "compression failed", expected: "a frame of \(bytes.count) bytes",
        found: String(cString: ZSTD_getErrorName(result)), remedy: "free memory, or use fewer threads")
    }
    return result
  }

  /// Compresses into an array.
  ///
  /// - Throws: `.zstdEncodingFailed`.
  public func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: ZstdEncoder.bound(bytes.count)) { buffer, count in
      count = try encode(bytes, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}
