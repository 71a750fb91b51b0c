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
    try check(result, bytes.count)
    return result
  }

  /// Compresses sections of equal size into a buffer, none of which shares a block with another.
  ///
  /// Each block has its own code table: where bytes of one kind end and bytes of another begin, a block that held both
  /// would fit neither.
  ///
  /// - Parameters:
  ///   - bytes: the content; may be empty.
  ///   - sectionCount: number of sections; it divides the content's size.
  ///   - buffer: at least ``bound(_:)`` bytes and 8 for each section.
  /// - Returns: bytes of the frame.
  /// - Throws: `.zstdEncodingFailed`.
  public func encode(
    _ bytes: UnsafeRawBufferPointer, sectionCount: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    precondition(
      sectionCount > 0 && bytes.count % sectionCount == 0, "\(bytes.count) bytes in \(sectionCount) sections")
    precondition(
      buffer.count >= ZstdEncoder.bound(bytes.count) + 8 * sectionCount,
      "buffer of \(buffer.count) bytes is below the bound")
    try check(ZSTD_CCtx_reset(context, ZSTD_reset_session_only), bytes.count)
    try check(ZSTD_CCtx_setPledgedSrcSize(context, UInt64(bytes.count)), bytes.count)
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    let size = bytes.count / sectionCount
    for section in 0..<sectionCount {
      var input = ZSTD_inBuffer(src: bytes.baseAddress.map { $0 + section * size }, size: size, pos: 0)
      let isLast = section == sectionCount - 1
      let left = ZSTD_compressStream2(context, &output, &input, isLast ? ZSTD_e_end : ZSTD_e_flush)
      try check(left, bytes.count)
      precondition(left == 0 && input.pos == size, "libzstd left bytes behind although the buffer has room")
    }
    return output.pos
  }

  private func check(_ result: Int, _ byteCount: Int) throws {
    guard ZSTD_isError(result) == 0 else {
      let reason = String(cString: ZSTD_getErrorName(result))
      // The library's number for this is in a header of its own; its words are as stable.
      throw FusionError(
        reason.contains("not enough memory") ? .tooLittleMemory : .zstdEncodingFailed, "compression failed",
        expected: "a frame of \(byteCount) bytes", found: reason, remedy: "free memory, or use fewer threads")
    }
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
