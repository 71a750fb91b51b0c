import Testing

/// A valid JPEG file to change.
struct JPEGFile {
  let bytes: [UInt8]

  init(_ name: String) throws { bytes = try PictureFiles.bytes("cases/\(name)") }

  /// The file with more bytes before the first marker of a kind; for the end of the picture, the last one.
  func inserting(_ stray: [UInt8], before marker: UInt8) throws -> [UInt8] {
    let places = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == marker }
    let place = try #require(marker == 0xD9 ? places.last : places.first)
    return Array(bytes[..<place]) + stray + bytes[place...]
  }
}
