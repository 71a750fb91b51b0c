internal import CZstd
import FusionCore

/// Decodes single zstd frames of a known size; use one for each thread.
public final class ZstdDecoder {
  private let context: OpaquePointer

  /// Makes a decoder whose memory is reused from frame to frame.
  public init() {
    guard let context = ZSTD_createDCtx() else { preconditionFailure("no memory for a decompressor") }
    self.context = context
  }

  deinit { ZSTD_freeDCtx(context) }

  /// Decodes exactly one frame into a buffer that it fills.
  ///
  /// - Parameters:
  ///   - bytes: the frame and nothing else; proven by ``ZstdFrame`` before anything is decoded.
  ///   - buffer: as large as the content must be. On an error its content is undefined.
  /// - Throws: `FusionError` without a file: what ``ZstdFrame`` throws, and `.zstdCorrupt`.
  public func decode(_ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) throws {
    _ = try ZstdFrame(bytes, contentByteCount: buffer.count)
    let result = ZSTD_decompressDCtx(context, buffer.baseAddress, buffer.count, bytes.baseAddress, bytes.count)
    guard ZSTD_isError(result) == 0, result == buffer.count else {
      throw FusionError.zstd(
        .zstdCorrupt, "the compressed data is damaged", at: 0, expected: "blocks of \(buffer.count) bytes in all",
        found: ZSTD_isError(result) == 0 ? "\(result) bytes" : String(cString: ZSTD_getErrorName(result)))
    }
  }
}
