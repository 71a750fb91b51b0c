import FusionCore

/// What kind of file some bytes are, by their beginning.
enum ImageFormat: Equatable {
  case png
  case jpeg
  /// Not readable here; described for a person.
  case other(String)

  private static let signatures: [(offset: Int, bytes: [UInt8], description: String)] = [
    (0, Array("GIF8".utf8), "a GIF picture"),
    (8, Array("WEBP".utf8), "a WebP picture"),
    (0, Array("BM".utf8), "a BMP picture"),
    (0, [0x49, 0x49, 0x2A, 0x00], "a TIFF picture"),
    (0, [0x4D, 0x4D, 0x00, 0x2A], "a TIFF picture"),
    (4, Array("ftypavif".utf8), "an AVIF picture"),
    (4, Array("ftyphei".utf8), "a HEIF picture"),
    (4, Array("ftypmif1".utf8), "a HEIF picture"),
    (0, [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000 picture"),
    (0, [0xFF, 0x0A], "a JPEG XL picture"),
    (0, [0x00, 0x00, 0x01, 0x00], "an icon"),
    (0, Array("8BPS".utf8), "a Photoshop document"),
    (0, Array("%PDF".utf8), "a PDF document"),
    (0, Array("PK\u{3}\u{4}".utf8), "a zip archive"),
  ]

  init(_ bytes: UnsafeRawBufferPointer) {
    func has(_ signature: [UInt8], at offset: Int) -> Bool {
      bytes.count >= offset + signature.count
        && bytes[offset..<(offset + signature.count)].elementsEqual(signature)
    }
    if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) {
      self = .png
    } else if has([0xFF, 0xD8, 0xFF], at: 0) {
      self = .jpeg
    } else if bytes.isEmpty {
      self = .other("an empty file")
    } else if let match = Self.signatures.first(where: { has($0.bytes, at: $0.offset) }) {
      self = .other(match.description)
    } else {
      self = .other(Self.description(of: bytes.prefix(512)))
    }
  }

  /// Names text as text, because a saved error page of a server is the usual reason.
  private static func description(of start: Slice<UnsafeRawBufferPointer>) -> String {
    let isPrintable = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    guard isPrintable, let text = String(validating: start, as: UTF8.self)?.lowercased() else {
      let digits = start.prefix(4).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
      return "a file that begins with " + digits.joined(separator: " ")
    }
    if text.contains("<svg") { return "an SVG drawing" }
    return text.contains("<html") || text.contains("<!doctype html") ? "an HTML page" : "a text file"
  }
}
