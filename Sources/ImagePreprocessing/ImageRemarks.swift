/// What a picture's file says and the model does not see, since the published code passes it over, too.
public enum ImageRemarks {
  /// Sentences about a file that was decoded; nothing in it is trusted.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> [String] {
    switch ImageFormat(bytes) {
    case .jpeg:
      guard let orientation = exifOrientation(bytes), orientation != 1 else { return [] }
      return [
        "EXIF orientation \(orientation) of the picture has no effect, as in training: it is seen as it is stored; turn it with"
          + " another program if it lies on its side"
      ]
    case .png:
      // Bit depth and colour type of the header.
      guard bytes.count > 25, bytes[24] == 16, bytes[25] == 0 else { return [] }
      return [
        "the picture is grey with 16 bits: values above 255 are white, as the published code reads them; scale it to 8 bits"
          + " if it looks otherwise"
      ]
    case .other: return []
    }
  }

  /// Bytes of markers that are walked: EXIF stands at the beginning.
  private static let reach = 1 << 20

  /// The orientation in a JPEG file's EXIF segment, 1 to 8.
  ///
  /// Layout: EXIF 2.32, a TIFF file behind `Exif` and two zero bytes; tag 0x0112 of its first directory.
  private static func exifOrientation(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var position = 2
    while position + 4 <= min(bytes.count, reach), bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      guard marker != 0xDA, marker != 0xD9 else { return nil }
      if marker == 0xFF {
        position += 1
        continue
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let content = UnsafeRawBufferPointer(rebasing: bytes[(position + 4)..<end])
      if marker == 0xE1, content.starts(with: Array("Exif\0\0".utf8)) {
        return orientation(UnsafeRawBufferPointer(rebasing: content[6...]))
      }
      position = end
    }
    return nil
  }

  private static func orientation(_ tiff: UnsafeRawBufferPointer) -> Int? {
    let isLittle = tiff.starts(with: [0x49, 0x49])
    guard isLittle || tiff.starts(with: [0x4D, 0x4D]) else { return nil }
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard offset >= 0, offset <= tiff.count - count else { return nil }
      let digits = tiff[offset..<(offset + count)]
      return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let entryCount = number(directory, 2) else { return nil }
    for entry in 0..<entryCount {
      let start = directory + 2 + 12 * entry
      guard let tag = number(start, 2) else { return nil }
      if tag == 0x0112, number(start + 2, 2) == 3, let value = number(start + 8, 2), (1...8).contains(value) {
        return value
      }
    }
    return nil
  }
}
