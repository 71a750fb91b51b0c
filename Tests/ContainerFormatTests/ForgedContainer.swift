import ContainerFormat

/// The parts of a container, put together with valid checksums after something was changed.
struct ForgedContainer {
  var header: [UInt8]
  /// Everything between header and index.
  var body: [UInt8]
  var index: WireMessage
  /// The index's bytes where they are not what ``index`` says.
  var indexBytes: [UInt8]?
  /// Numbers of the footer where they are not what follows from the other parts.
  var indexOffset: UInt64?
  var indexByteCount: UInt64?
  var indexChecksum: UInt64?
  var fileByteCount: UInt64?
  var footerReserved = [UInt8](repeating: 0, count: 16)
  var sealsHeader = true
  var sealsFooter = true
  var endMagic: [UInt8]
  var trailing: [UInt8] = []
  /// Cuts the file to so many bytes.
  var byteLimit: Int?

  /// Takes a valid container apart, by the offsets of the specification.
  init(_ bytes: [UInt8]) {
    let footer = Array(bytes.suffix(64))
    let start = Int(ForgedContainer.integer(footer, 0))
    let count = Int(ForgedContainer.integer(footer, 8))
    header = Array(bytes[..<64])
    body = Array(bytes[64..<start])
    index = WireMessage(parsing: Array(bytes[start..<start + count]))
    endMagic = Array(footer.suffix(8))
  }

  var bytes: [UInt8] {
    var head = header
    if sealsHeader { head = Array(head[..<56]) + ForgedContainer.bytes(ContainerChecksum.of(Array(head[..<56]))) }
    let index = indexBytes ?? self.index.encoded
    let start = head.count + body.count
    var footer = ForgedContainer.bytes(indexOffset ?? UInt64(start))
    footer += ForgedContainer.bytes(indexByteCount ?? UInt64(index.count))
    footer += ForgedContainer.bytes(indexChecksum ?? ContainerChecksum.of(index))
    footer += ForgedContainer.bytes(fileByteCount ?? UInt64(start + index.count + 64))
    footer += footerReserved
    footer += ForgedContainer.bytes(sealsFooter ? ContainerChecksum.of(footer) : 1)
    let all = head + body + index + footer + endMagic + trailing
    return byteLimit.map { Array(all[..<$0]) } ?? all
  }

  /// Changes one byte of the file's part between header and index.
  mutating func flip(at offset: Int) { body[offset - 64] ^= 1 }

  static func integer(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
  }

  static func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) } }
}
