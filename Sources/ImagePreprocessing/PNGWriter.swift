internal import CPNG
import FusionCore

/// Makes PNG files of 8-bit red, green and blue.
///
/// Filter and compression are fixed, and nothing but the pixels is written, so equal pictures are equal files wherever
/// the same zlib is used.
public enum PNGWriter {
  /// The bytes of a file.
  public static func encode(_ image: RGBImage) -> [UInt8] {
    var bytes: [UInt8] = []
    // Drawn pictures shrink to a fiftieth, photographs to two thirds.
    bytes.reserveCapacity(image.bytes.count / 32 + 1024)
    let status = withUnsafeMutablePointer(to: &bytes) { output in
      image.bytes.withUnsafeBufferPointer { samples in
        cpng_encode(
          samples.baseAddress, UInt32(image.width), UInt32(image.height),
          { context, part, count in
            guard let output = context?.assumingMemoryBound(to: [UInt8].self) else { return }
            output.pointee.append(contentsOf: UnsafeBufferPointer(start: part, count: count))
          }, output)
      }
    }
    precondition(status == CPNG_OK, "no memory for a PNG writer")
    return bytes
  }
}
