internal import CJPEG
import FusionCore

/// One decoding of a JPEG file through TurboJPEG.
final class TurboDecoder {
  private let handle: tjhandle
  private let bytes: UnsafeRawBufferPointer
  private let width: Int
  private let height: Int
  private let file: String

  /// Lets the library read the header too, so that it and the caller agree about the size of the buffer.
  init(_ bytes: UnsafeRawBufferPointer, width: Int, height: Int, file: String) throws {
    guard let handle = tjInitDecompress() else { preconditionFailure("no memory for a JPEG reader") }
    self.handle = handle
    self.bytes = bytes
    self.width = width
    self.height = height
    self.file = file
    var foundWidth: Int32 = 0
    var foundHeight: Int32 = 0
    var subsampling: Int32 = 0
    var colorSpace: Int32 = 0
    // The call also fails for rare subsamplings, which decoding does not mind, so the sizes alone are asked.
    let status = tjDecompressHeader3(
      handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(bytes.count), &foundWidth, &foundHeight,
      &subsampling, &colorSpace)
    guard Int(foundWidth) == width, Int(foundHeight) == height else {
      throw damaged(status == 0 ? "another size in a later header" : message)
    }
  }

  deinit { tjDestroy(handle) }

  private var message: String { String(cString: tjGetErrorStr2(handle)) }

  /// The whole picture as interleaved RGB, or as CMYK with the values of the file.
  ///
  /// - Precondition: `channelCount` is 3, or 4 for CMYK.
  func samples(channelCount: Int) throws -> [UInt8] {
    let sampleCount = channelCount * width * height
    let format = channelCount == 4 ? TJPF_CMYK : TJPF_RGB
    return try [UInt8](unsafeUninitializedCapacity: sampleCount) { samples, count in
      if decode(into: samples, format, flags: TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING) != 0 {
        // Stray bytes between segments are common in camera files and do no harm; other warnings are lost pixels.
        let isHarmless = tjGetErrorCode(handle) == TJERR_WARNING.rawValue && message.contains("extraneous bytes")
        guard isHarmless else { throw damaged(message) }
        let status = decode(into: samples, format, flags: TJFLAG_LIMITSCANS)
        guard status == 0 || tjGetErrorCode(handle) == TJERR_WARNING.rawValue else { throw damaged(message) }
      }
      count = sampleCount
    }
  }

  private func decode(into samples: UnsafeMutableBufferPointer<UInt8>, _ format: TJPF, flags: Int32) -> Int32 {
    tjDecompress2(
      handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(bytes.count), samples.baseAddress,
      Int32(width), 0, Int32(height), format.rawValue, flags)
  }

  private func damaged(_ reason: String) -> FusionError {
    FusionError.imageDamaged(
      file: file, expected: "a valid JPEG picture of \(width) x \(height) pixels", found: reason)
  }
}
