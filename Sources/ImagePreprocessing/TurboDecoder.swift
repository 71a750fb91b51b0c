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
  /// Nothing but stray bytes is forgiven: any other warning is lost pixels.
  ///
  /// - Parameters:
  ///   - channelCount: 3, or 4 for CMYK.
  ///   - markers: those of the file.
  func samples(channelCount: Int, _ markers: JPEGMarkers) throws -> [UInt8] {
    let sampleCount = channelCount * width * height
    let format = channelCount == 4 ? TJPF_CMYK : TJPF_RGB
    return try [UInt8](unsafeUninitializedCapacity: sampleCount) { samples, count in
      if let message = decode(bytes, into: samples, format) {
        guard JPEGStrayBytes.isMeant(by: message) else { throw damaged(message) }
        var cleaned = JPEGStrayBytes(bytes, markers)
        let reason = try cleaned.remove(behindScans: !markers.isArithmetic, file: file) {
          decode($0, into: samples, format)
        }
        if let reason { throw damaged(reason) }
      }
      count = sampleCount
    }
  }

  /// Decodes until the first warning, which it returns; `nil` if there was none, and then every sample is set.
  private func decode(
    _ bytes: UnsafeRawBufferPointer, into samples: UnsafeMutableBufferPointer<UInt8>, _ format: TJPF
  ) -> String? {
    let status = tjDecompress2(
      handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(bytes.count), samples.baseAddress,
      Int32(width), 0, Int32(height), format.rawValue, TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING)
    return status == 0 ? nil : message
  }

  private func damaged(_ reason: String) -> FusionError {
    FusionError.imageDamaged(
      file: file, expected: "a valid JPEG picture of \(width) x \(height) pixels", found: reason)
  }
}
