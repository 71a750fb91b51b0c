import FusionCore

/// The frame and the scans of a JPEG file, found by walking its markers without decoding.
struct JPEGMarkers {
  /// Second byte of the marker that began the frame: 0xC0 to 0xCF.
  private(set) var frameMarker: UInt8 = 0
  /// Bits of a sample.
  private(set) var precision = 0
  private(set) var width = 0
  private(set) var height = 0
  private(set) var componentCount = 0
  /// Those of the frame header; fewer than stated where it is too short.
  private(set) var components: [Component] = []
  /// The scan headers, in order; one more than ``ImageLimits/maximumScanCount`` at most.
  private(set) var scanHeaders: [ScanHeader] = []
  /// What stands between segments and belongs to none, in order.
  private(set) var strayRanges: [Range<Int>] = []
  /// The coded data of each scan, up to the marker that ends it.
  private(set) var scans: [(range: Range<Int>, marker: UInt8)] = []
  /// Ranges and scans that are kept at most; a file of stray bytes and markers alone would need more memory than it
  /// has bytes. More scans than these are refused when decoding.
  private static let mostKept = 1024

  /// A colour component.
  struct Component {
    let identifier: UInt8
    /// Samples along a row beside those of other components, 1 to 4; a wrong number is counted as the nearest.
    let horizontal: Int
    /// The same along a column.
    let vertical: Int
  }

  /// What a scan is about.
  struct ScanHeader {
    /// Where its marker is.
    let offset: Int
    /// Identifiers of its components.
    let components: [UInt8]
    /// Coefficients of a block that it has a part of, in progressive files.
    let coefficientCount: Int
  }

  /// Whether the coefficients are arithmetic coded, which can take less than a bit each.
  var isArithmetic: Bool { frameMarker >= 0xC9 }

  /// Whether scans have parts of the coefficients.
  var isProgressive: Bool { frameMarker & 0x3 == 2 }

  /// Walks from the start to the marker that ends the picture.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    var position = 2
    var scanStart: Int?
    while true {
      let start = position
      guard let (marker, markerStart) = Self.nextMarker(in: bytes, &position) else { break }
      if let begin = scanStart {
        // Inside of a scan 0xFF 0x00 is a sample byte, and restarts divide it.
        if marker == 0x00 || 0xD0...0xD7 ~= marker { continue }
        if scans.count < Self.mostKept { scans.append((begin..<markerStart, marker)) }
        scanStart = nil
      } else {
        let end = marker == 0x00 ? position : markerStart
        if end > start, strayRanges.count < Self.mostKept { strayRanges.append(start..<end) }
      }
      switch marker {
      case 0xD9:
        guard frameMarker != 0 else {
          throw FusionError.imageDamaged(
            file: file, place: "offset \(position - 2)", expected: "a frame header", found: "the end of the picture")
        }
        return
      case 0x00, 0x01, 0xD0...0xD8: continue
      default:
        guard let content = Self.segment(in: bytes, &position) else { throw Self.cutOff(bytes, file: file) }
        let isFrame = marker & 0xF0 == 0xC0 && ![0xC4, 0xC8, 0xCC].contains(marker)
        if isFrame, frameMarker == 0 { try readFrame(marker, content, end: position, file: file) }
        if marker == 0xDA {
          if scanHeaders.count <= ImageLimits.maximumScanCount {
            scanHeaders.append(Self.scanHeader(content, end: position))
          }
          scanStart = position
        }
      }
    }
    throw Self.cutOff(bytes, file: file)
  }

  private mutating func readFrame(
    _ marker: UInt8, _ content: UnsafeRawBufferPointer, end: Int, file: String
  ) throws {
    guard content.count >= 6 else {
      throw FusionError.imageDamaged(
        file: file, place: "offset \(end - content.count)", expected: "a frame header of at least 6 bytes",
        found: "\(content.count) bytes")
    }
    frameMarker = marker
    precision = Int(content[0])
    height = Int(content[1]) << 8 | Int(content[2])
    width = Int(content[3]) << 8 | Int(content[4])
    componentCount = Int(content[5])
    for start in stride(from: 6, to: content.count - 2, by: 3).prefix(componentCount) {
      let factors = content[start + 1]
      components.append(
        Component(
          identifier: content[start], horizontal: min(4, max(1, Int(factors >> 4))),
          vertical: min(4, max(1, Int(factors & 0xF)))))
    }
  }

  /// Of a header that is too short, what there is; the decoder says what is wrong.
  private static func scanHeader(_ content: UnsafeRawBufferPointer, end: Int) -> ScanHeader {
    let stated = content.first.map(Int.init) ?? 0
    let identifiers = stride(from: 1, to: content.count, by: 2).prefix(min(4, stated)).map { content[$0] }
    let first = 1 + 2 * stated
    let range = content.count > first + 1 ? Int(content[first + 1]) - Int(content[first]) + 1 : 0
    return ScanHeader(
      offset: end - content.count - 4, components: identifiers, coefficientCount: min(64, max(0, range)))
  }

  /// Second byte of the next marker, behind which it stands, and where its first 0xFF is; `nil` at the end of the
  /// bytes.
  private static func nextMarker(
    in bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> (marker: UInt8, start: Int)? {
    while position < bytes.count, bytes[position] != 0xFF { position += 1 }
    let start = position
    while position < bytes.count, bytes[position] == 0xFF { position += 1 }
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return (bytes[position], start)
  }

  /// The content of a segment behind its length; `nil` if the file ends before it does.
  private static func segment(
    in bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> UnsafeRawBufferPointer? {
    guard bytes.count - position >= 2 else { return nil }
    // A length below 2 is wrong; the decoder says so.
    let length = max(2, Int(bytes[position]) << 8 | Int(bytes[position + 1]))
    guard bytes.count - position >= length else { return nil }
    defer { position += length }
    return UnsafeRawBufferPointer(rebasing: bytes[(position + 2)..<(position + length)])
  }

  private static func cutOff(_ bytes: UnsafeRawBufferPointer, file: String) -> FusionError {
    FusionError.imageTruncated(
      file: file, expected: "a JPEG file with the end marker FF D9",
      found: "the end of the file after \(bytes.count) bytes")
  }
}
