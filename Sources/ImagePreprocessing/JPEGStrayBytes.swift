import FusionCore

/// A JPEG file without the bytes that a decoder skips over with a warning.
///
/// Stray bytes before a marker are common in camera files and cost no pixel. But TurboJPEG tells the first warning
/// only, so a decoder that is told to go on after it would hide lost pixels behind it. Without the stray bytes every
/// warning can count.
///
/// A byte too many that is left out cannot go unnoticed in Huffman-coded data, as a scan that lacks bits gives a
/// warning of its own. So a file that decodes without one in the end has all of its pixels.
struct JPEGStrayBytes {
  /// The first warning or error of decoding a file; `nil` if there is none.
  typealias Decoding = (UnsafeRawBufferPointer) -> String?

  /// The file without what was found so far; within ``scan(saidBy:among:decode:)`` cut short for a moment.
  private var cleaned: [UInt8]
  /// What is said when no decodings are left.
  private static let tooManyPlaces = "stray bytes in too many places"
  /// Decodings that are left; many scans with stray bytes behind each would take many.
  private var decodingsLeft: Int

  /// Leaves out what stands between the segments of a file, which the markers alone show.
  ///
  /// - Parameter mostDecodings: how often the search may decode.
  init(_ bytes: UnsafeRawBufferPointer, _ markers: JPEGMarkers, mostDecodings: Int) {
    decodingsLeft = mostDecodings
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

  /// Decodes what is left, and leaves out the stray bytes behind scans until no warning is about them.
  ///
  /// - Parameters:
  ///   - canEndScans: `false` where the coding has no end of its own. Arithmetic coding takes zeros for what is
  ///     missing, without a warning, so that too short a scan would not show.
  ///   - file: its path, for errors.
  ///   - decode: decodes a file up to its first warning.
  /// - Returns: the first warning or error that is about something else, or whose bytes were not found.
  mutating func remove(behindScans canEndScans: Bool, file: String, decode: Decoding) throws -> String? {
    while let message = run(decode) {
      guard canEndScans, let warning = Warning(message) else { return message }
      let scans = try cleaned.withUnsafeBytes { try JPEGMarkers($0, file: file) }.scans
      guard let scan = scan(saidBy: warning, among: scans, decode) else {
        return decodingsLeft > 0 ? message : Self.tooManyPlaces
      }
      cleaned.removeSubrange((scan.upperBound - warning.count)..<scan.upperBound)
    }
    return nil
  }

  /// What the library says about stray bytes.
  private struct Warning {
    let count: Int
    let marker: UInt8

    init?(_ message: String) {
      guard JPEGStrayBytes.isMeant(by: message) else { return nil }
      let words = message.split(separator: " ")
      guard let position = words.firstIndex(of: "extraneous"), position > 0, let count = Int(words[position - 1]),
        let marker = words.last.flatMap({ UInt8($0.dropFirst(2), radix: 16) })
      else { return nil }
      self.count = count
      self.marker = marker
    }
  }

  /// The scan behind which the library found stray bytes.
  ///
  /// Many scans of a progressive file end before the same kind of marker, so the file is ended behind one after the
  /// other: the first warning stays the same where the picture ends behind the scan or a later one.
  ///
  /// - Returns: `nil` if there is no such scan. Stray bytes before a restart have none: in the midst of a scan they are
  ///   a sign of damage rather than of padding.
  private mutating func scan(
    saidBy warning: Warning, among scans: [(range: Range<Int>, marker: UInt8)], _ decode: Decoding
  ) -> Range<Int>? {
    let fitting = scans.filter { $0.marker == warning.marker && $0.range.count >= warning.count }
    var first = 0
    var last = fitting.count - 1
    while first < last {
      let middle = (first + last) / 2
      if endsWithStrayBytes(behind: fitting[middle].range, decode) != nil { last = middle } else { first = middle + 1 }
    }
    guard first == last,
      warning.marker == 0xD9 || endsWithStrayBytes(behind: fitting[last].range, decode) == warning.count
    else { return nil }
    return fitting[last].range
  }

  /// How many stray bytes the first warning counts if the picture ends behind a scan.
  ///
  /// The file keeps its length, because how far the library reads ahead depends on what is left of it.
  private mutating func endsWithStrayBytes(behind scan: Range<Int>, _ decode: Decoding) -> Int? {
    guard let code = cleaned[scan.upperBound...].firstIndex(where: { $0 != 0xFF }) else { return nil }
    let marker = cleaned[code]
    cleaned[code] = 0xD9
    defer { cleaned[code] = marker }
    return run(decode).flatMap(Warning.init)?.count
  }

  private mutating func run(_ decode: Decoding) -> String? {
    guard decodingsLeft > 0 else { return Self.tooManyPlaces }
    decodingsLeft -= 1
    return cleaned.withUnsafeBytes(decode)
  }
}
