/// A JPEG file put together by hand: headers that state anything, with or without data that decodes to plain grey.
struct HandMadeJPEG {
  /// A component's identifier and its sampling factors.
  typealias Component = (identifier: UInt8, horizontal: UInt8, vertical: UInt8)

  static let grey: [Component] = [(1, 1, 1)]
  static let halvedColours: [Component] = [(1, 2, 2), (2, 1, 1), (3, 1, 1)]
  static let fullColours: [Component] = [(1, 1, 1), (2, 1, 1), (3, 1, 1)]
  static let fourColours: [Component] = [(1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1)]

  let bytes: [UInt8]

  /// A file whose scans have headers and nothing that could be decoded.
  ///
  /// - Parameters:
  ///   - marker: second byte of the marker of the frame.
  ///   - scans: identifiers of the components of each scan.
  ///   - padding: bytes of comments, so that the file is long enough for its pixels.
  init(
    marker: UInt8, width: Int, height: Int, components: [Component], scans: [[UInt8]], padding: Int = 0
  ) {
    let frame =
      [8] + Self.twoBytes(height) + Self.twoBytes(width) + [UInt8(components.count)]
      + components.flatMap { [$0.identifier, $0.horizontal << 4 | $0.vertical, 0] }
    let headers = scans.flatMap { identifiers in
      Self.segment(0xDA, [UInt8(identifiers.count)] + identifiers.flatMap { [$0, 0] } + [1, 63, 0]) + [0]
    }
    bytes = [0xFF, 0xD8] + Self.comments(padding) + Self.segment(marker, frame) + headers + [0xFF, 0xD9]
  }

  /// A grey progressive file that is valid: one scan says that all means are 0, the others that all details are.
  init(greyOfSide side: Int, detailScanCount: Int) {
    let blockCount = ((side + 7) / 8) * ((side + 7) / 8)
    let frame = [8] + Self.twoBytes(side) + Self.twoBytes(side) + [1, 1, 0x11, 0]
    // Tables of one symbol each, with the code 0: no difference, and a run of 16384 to 32767 blocks without details.
    let means = Self.segment(0xC4, [0x00, 1] + [UInt8](repeating: 0, count: 15) + [0x00])
    let details = Self.segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0xE0])
    let meanScan = Self.segment(0xDA, [1, 1, 0, 0, 0, 0]) + Self.packed([Bool](repeating: false, count: blockCount))
    let runs = (0..<((blockCount + 16383) / 16384)).flatMap { _ in [Bool](repeating: false, count: 15) }
    let detailScan = Self.segment(0xDA, [1, 1, 0, 1, 63, 0]) + Self.packed(runs)
    bytes =
      [0xFF, 0xD8] + Self.segment(0xDB, [0] + [UInt8](repeating: 1, count: 64)) + Self.segment(0xC2, frame) + means
      + details + meanScan + (0..<detailScanCount).flatMap { _ in detailScan } + [0xFF, 0xD9]
  }

  /// Comments of so many bytes in all, or a few more.
  static func comments(_ byteCount: Int) -> [UInt8] {
    let comment = segment(0xFE, [UInt8](repeating: 0x20, count: 60_000))
    return (0..<((byteCount + 59_999) / 60_000)).flatMap { _ in comment }
  }

  private static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0xFF, marker] + twoBytes(content.count + 2) + content
  }

  private static func twoBytes(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

  /// Bits as bytes, filled up with ones.
  private static func packed(_ bits: [Bool]) -> [UInt8] {
    stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count && !bits[start + $1] ? 0 : 1) }
    }
  }
}
