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

  /// What samples are delivered as, interleaved.
  enum SampleKind {
    case rgb
    /// With the values of the file.
    case cmyk
  }

  /// Decodes until the first warning, which it returns; `nil` if there was none, and then every sample is set.
  ///
  /// - Parameters:
  ///   - bytes: a file of the same size in pixels.
  ///   - samples: room for all of them: 3 a pixel, or 4 of CMYK.
  func decode(
    _ bytes: UnsafeRawBufferPointer, into samples: UnsafeMutableBufferPointer<UInt8>, _ kind: SampleKind
  ) -> String? {
    let format = kind == .cmyk ? TJPF_CMYK : TJPF_RGB
    let status = tjDecompress2(
      handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(bytes.count), samples.baseAddress,
      Int32(width), 0, Int32(height), format.rawValue, TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING)
    return status == 0 ? nil : message
  }

  /// The error for what the library says.
  func damaged(_ reason: String) -> FusionError {
    FusionError.imageDamaged(
      file: file, expected: "a valid JPEG picture of \(width) x \(height) pixels", found: reason)
  }
}
