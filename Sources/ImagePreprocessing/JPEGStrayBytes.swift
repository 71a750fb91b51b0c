import FusionCore

/// A JPEG file without the bytes that a decoder skips over with a warning.
///
/// Stray bytes before a marker are common in camera files and cost no pixel. But TurboJPEG tells the first warning
/// only, so a decoder that is told to go on after it would hide lost pixels behind it. Without the stray bytes every
/// warning can count.
struct JPEGStrayBytes {
  /// The file without what was found so far.
  private(set) var cleaned: [UInt8]
  /// Scans whose rest is removed at most; each costs a decoding.
  private var scansLeft = 4

  /// Leaves out what stands between the segments of a file, which the markers alone show.
  init(_ bytes: UnsafeRawBufferPointer, _ markers: JPEGMarkers) {
    cleaned = []
    cleaned.reserveCapacity(bytes.count)
    var end = 0
    for range in markers.strayRanges {
      cleaned.append(contentsOf: bytes[end..<range.lowerBound])
      end = range.upperBound
    }
    cleaned.append(contentsOf: bytes[end...])
  }

  /// Whether a message of the library is about stray bytes.
  static func isMeant(by message: String) -> Bool { message.contains(" extraneous bytes before marker 0x") }

  /// Leaves out the rest of the scan that a message is about: what follows the last coefficient of a scan.
  ///
  /// - Returns: `false` if there is no such scan, or there were too many.
  mutating func removeRest(saidBy message: String, file: String) throws -> Bool {
    let words = message.split(separator: " ")
    guard scansLeft > 0, let position = words.firstIndex(of: "extraneous"), position > 0,
      let count = Int(words[position - 1]), let marker = words.last.flatMap({ UInt8($0.dropFirst(2), radix: 16) })
    else { return false }
    scansLeft -= 1
    let scans = try cleaned.withUnsafeBytes { try JPEGMarkers($0, file: file) }.scans
    guard let scan = scans.first(where: { $0.marker == marker && $0.range.count >= count }) else { return false }
    cleaned.removeSubrange((scan.range.upperBound - count)..<scan.range.upperBound)
    return true
  }
}
