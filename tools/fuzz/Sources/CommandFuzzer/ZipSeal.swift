/// Changes of what is in a zip archive, with its checksums made right again.
enum ZipSeal {
  private static let headerByteCount = 30
  private static let directoryByteCount = 46

  /// An archive one of whose entries has one change that keeps its length; any change where no entries are found.
  static func changed(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    let entries = entries(of: bytes)
    guard !entries.isEmpty, !random.oneIn(5) else { return ByteMutation.change(bytes, in: bytes.indices, &random) }
    // The pickle comes first and says what all others are.
    let entry = random.oneIn(3) ? random.pick(entries) : entries[0]
    guard !entry.data.isEmpty else { return bytes }
    var changed = ByteMutation.change(bytes, in: entry.data, &random)
    while changed.count != bytes.count { changed = ByteMutation.change(bytes, in: entry.data, &random) }
    let checksum = cyclicChecksum(changed[entry.data])
    for offset in [entry.header + 14, entry.directory + 16] {
      for byte in 0..<4 { changed[offset + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(byte))) }
    }
    return changed
  }

  private struct Entry {
    let header: Int
    let directory: Int
    let data: Range<Int>
  }

  private static func entries(of bytes: [UInt8]) -> [Entry] {
    let end =
      (max(0, bytes.count - 1024)..<max(0, bytes.count - 22)).last { bytes[$0...].starts(with: [0x50, 0x4B, 5, 6]) }
      ?? max(0, bytes.count - 22)
    guard bytes.count >= 22, bytes[end...].starts(with: [0x50, 0x4B, 5, 6]) else { return [] }
    var entries: [Entry] = []
    var position = number(bytes, at: end + 16, width: 4)
    while position + directoryByteCount <= end, bytes[position...].starts(with: [0x50, 0x4B, 1, 2]) {
      let header = number(bytes, at: position + 42, width: 4)
      let count = number(bytes, at: position + 20, width: 4)
      guard header + headerByteCount <= bytes.count else { break }
      let start =
        header + headerByteCount + number(bytes, at: header + 26, width: 2) + number(bytes, at: header + 28, width: 2)
      guard start + count <= bytes.count else { break }
      entries.append(Entry(header: header, directory: position, data: start..<(start + count)))
      position +=
        directoryByteCount
        + [28, 30, 32].reduce(0) { $0 + number(bytes, at: position + $1, width: 2) }
    }
    return entries
  }

  private static func number(_ bytes: [UInt8], at offset: Int, width: Int) -> Int {
    (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private static func cyclicChecksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { checksum, byte in
      (0..<8).reduce(checksum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
  }
}
