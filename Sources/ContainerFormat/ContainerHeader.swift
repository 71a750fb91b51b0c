import FusionCore

/// The first 64 bytes of a container.
struct ContainerHeader: Equatable {
  static let magic: [UInt8] = [0x93, 0x46, 0x55, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let checksumOffset = 56
  private static let reservedByteCount = 36

  /// Bits of features that a reader must know; none is defined.
  var requiredFeatures: UInt32 = 0
  /// Bits of features that a reader may ignore; none is defined.
  var optionalFeatures: UInt32 = 0

  /// The bytes of the header.
  var encoded: [UInt8] {
    var bytes = ContainerHeader.magic
    bytes.appendLittleEndian(ContainerLimits.majorVersion)
    bytes.appendLittleEndian(ContainerLimits.minorVersion)
    bytes.appendLittleEndian(requiredFeatures)
    bytes.appendLittleEndian(optionalFeatures)
    bytes += [UInt8](repeating: 0, count: ContainerHeader.reservedByteCount)
    bytes.appendLittleEndian(ContainerChecksum.of(bytes))
    return bytes
  }
}

extension ContainerHeader {
  /// Proves that some bytes start like a container.
  ///
  /// - Parameter bytes: at least the first 8 bytes of the file, or all if it has fewer.
  /// - Throws: `.containerWrongMagic`.
  static func checkMagic(_ bytes: UnsafeRawBufferPointer) throws {
    let found = Array(bytes.prefix(magic.count))
    guard found.isEmpty || found != Array(magic.prefix(found.count)) else { return }
    let isText = found.starts(with: magic.prefix(4))
    throw FusionError.container(
      .containerWrongMagic, "the file is not a fusion container", place: "offset 0", expected: hexadecimal(magic),
      found: found.isEmpty ? "an empty file" : hexadecimal(found),
      remedy: isText
        ? "line ends were changed on the way: transfer the file again, in binary mode"
        : "name a .fusion file, or convert the checkpoint first")
  }

  /// Proves and reads a header.
  ///
  /// - Precondition: there are exactly 64 bytes.
  /// - Throws: `.containerWrongMagic`, `.containerUnsupportedVersion`, `.containerHeaderDamaged`,
  ///   `.containerUnknownFeature`, `.containerReservedNotZero`.
  init(decoding bytes: UnsafeRawBufferPointer) throws {
    precondition(bytes.count == ContainerLimits.headerByteCount, "a header of \(bytes.count) bytes")
    try ContainerHeader.checkMagic(bytes)
    func integer<T: FixedWidthInteger>(_ offset: Int, as type: T.Type = T.self) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
    let major: UInt16 = integer(8)
    let minor: UInt16 = integer(10)
    let version = "\(major).\(minor)"
    guard major == ContainerLimits.majorVersion else { throw ContainerHeader.unsupported(version, offset: 8) }
    let sum = ContainerChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<ContainerHeader.checksumOffset]))
    let stated: UInt64 = integer(ContainerHeader.checksumOffset)
    guard sum == stated else {
      throw FusionError.container(
        .containerHeaderDamaged, "the header is damaged", place: "offset 56",
        expected: "checksum \(ContainerChecksum.text(stated))", found: ContainerChecksum.text(sum))
    }
    guard minor <= ContainerLimits.minorVersion else { throw ContainerHeader.unsupported(version, offset: 10) }
    requiredFeatures = integer(12)
    optionalFeatures = integer(16)
    guard requiredFeatures == 0 else {
      throw FusionError.container(
        .containerUnknownFeature, "the container needs a feature that this version does not know", place: "offset 12",
        expected: "no required feature", found: "bits 0x\(String(requiredFeatures, radix: 16))",
        remedy: "update the tool")
    }
    guard bytes[20..<ContainerHeader.checksumOffset].allSatisfy({ $0 == 0 }) else {
      throw FusionError.container(
        .containerReservedNotZero, "reserved bytes of the header are used", place: "offset 20", expected: "36 zeros",
        found: "other bytes")
    }
  }

  private static func unsupported(_ version: String, offset: Int) -> FusionError {
    FusionError.container(
      .containerUnsupportedVersion, "the container has a version that this tool does not read",
      place: "offset \(offset)",
      expected: "format version \(ContainerLimits.majorVersion).\(ContainerLimits.minorVersion)",
      found: "format version \(version)", remedy: "update the tool to one that reads format \(version)")
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }
}

extension [UInt8] {
  /// Appends an integer, lowest byte first.
  mutating func appendLittleEndian<T: FixedWidthInteger>(_ value: T) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
