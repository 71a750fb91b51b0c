import Testing

/// A valid JPEG file to change.
struct JPEGFile {
  let bytes: [UInt8]

  init(_ name: String) throws { bytes = try PictureFiles.bytes("cases/\(name)") }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Where the marker stands that ends each scan; a file without fill bytes before markers is taken for granted.
  var scanEnds: [Int] {
    var ends: [Int] = []
    var position = 2
    while position + 3 < bytes.count {
      let marker = bytes[position + 1]
      position += 2 + (Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]))
      guard marker == 0xDA else { continue }
      let isEnd = { (code: UInt8) in code != 0 && !(0xD0...0xD7 ~= code) }
      while bytes[position] != 0xFF || !isEnd(bytes[position + 1]) { position += 1 }
      ends.append(position)
    }
    return ends
  }

  /// The file with more bytes at each of some places.
  func inserting(_ stray: [UInt8], at places: [Int]) -> [UInt8] {
    var changed = bytes
    for place in places.sorted().reversed() { changed.insert(contentsOf: stray, at: place) }
    return changed
  }

  /// The file with more bytes before the first marker of a kind; for the end of the picture, the last one.
  func inserting(_ stray: [UInt8], before marker: UInt8) throws -> [UInt8] {
    let places = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == marker }
    let place = try #require(marker == 0xD9 ? places.last : places.first)
    return Array(bytes[..<place]) + stray + bytes[place...]
  }
}
