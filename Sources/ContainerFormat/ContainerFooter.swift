import FusionCore

/// The last 64 bytes of a container, which say where the index is.
struct ContainerFooter: Equatable {
  static let magic: [UInt8] = [0x93, 0x45, 0x4E, 0x44, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let checksumOffset = 48
  private static let magicOffset = 56

  /// Where the index starts.
  var indexOffset: Int
  /// Bytes of the index.
  var indexByteCount: Int
  /// XXH3-64 of the index.
  var indexChecksum: UInt64

  /// Size of the whole file, or `nil` on overflow.
  var fileByteCount: Int? {
    CheckedArithmetic.sum(indexOffset, indexByteCount)
      .flatMap { CheckedArithmetic.sum($0, ContainerLimits.footerByteCount) }
  }

  /// The bytes of the footer.
  ///
  /// - Precondition: the numbers are not negative and their sum does not overflow.
  var encoded: [UInt8] {
    guard let fileByteCount else { preconditionFailure("a file that ends behind 2^63") }
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(indexOffset))
    bytes.appendLittleEndian(UInt64(indexByteCount))
    bytes.appendLittleEndian(indexChecksum)
    bytes.appendLittleEndian(UInt64(fileByteCount))
    bytes += [UInt8](repeating: 0, count: 16)
    bytes.appendLittleEndian(ContainerChecksum.of(bytes))
    return bytes + ContainerFooter.magic
  }
}

extension ContainerFooter {
  /// Proves and reads a footer.
  ///
  /// - Parameters:
  ///   - bytes: exactly the last 64 bytes.
  ///   - fileByteCount: size of the file; at least that of header and footer.
  /// - Throws: `.containerFooterMissing`, `.containerFooterDamaged`, `.containerReservedNotZero`,
  ///   `.containerLengthWrong`, `.containerIndexSize`, `.containerIndexMisplaced`.
  init(decoding bytes: UnsafeRawBufferPointer, fileByteCount: Int) throws {
    precondition(bytes.count == ContainerLimits.footerByteCount, "a footer of \(bytes.count) bytes")
    let start = fileByteCount - ContainerLimits.footerByteCount
    func integer(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    guard bytes[ContainerFooter.magicOffset...].elementsEqual(ContainerFooter.magic) else {
      throw FusionError.container(
        .containerFooterMissing, "the container does not end as it must",
        place: "offset \(start + ContainerFooter.magicOffset)", expected: "the end mark", found: "other bytes",
        remedy: "the file is incomplete, or something was appended: copy or download it again")
    }
    let sum = ContainerChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<ContainerFooter.checksumOffset]))
    guard sum == integer(ContainerFooter.checksumOffset) else {
      throw FusionError.container(
        .containerFooterDamaged, "the footer is damaged", place: "offset \(start + ContainerFooter.checksumOffset)",
        expected: "checksum \(ContainerChecksum.text(integer(ContainerFooter.checksumOffset)))",
        found: ContainerChecksum.text(sum))
    }
    guard bytes[32..<ContainerFooter.checksumOffset].allSatisfy({ $0 == 0 }) else {
      throw FusionError.container(
        .containerReservedNotZero, "reserved bytes of the footer are used", place: "offset \(start + 32)",
        expected: "16 zeros", found: "other bytes")
    }
    guard integer(24) == UInt64(fileByteCount) else {
      throw FusionError.container(
        .containerLengthWrong, "the file has another size than its footer states", place: "offset \(start + 24)",
        expected: "\(integer(24)) bytes", found: "\(fileByteCount) bytes",
        remedy: "bytes are missing or were added: copy or download the file again")
    }
    let count = integer(8)
    guard count >= 1, count <= UInt64(ContainerLimits.maximumIndexByteCount) else {
      throw FusionError.container(
        .containerIndexSize, "the index has a size that is not permitted", place: "offset \(start + 8)",
        expected: "1 to \(ContainerLimits.maximumIndexByteCount) bytes", found: "\(count) bytes")
    }
    indexByteCount = Int(count)
    indexChecksum = integer(16)
    let expected = start - indexByteCount
    guard integer(0) == UInt64(clamping: expected), expected >= ContainerLimits.headerByteCount,
      expected % ContainerLimits.chunkAlignment == 0
    else {
      throw FusionError.container(
        .containerIndexMisplaced, "the index is not right before the footer", place: "offset \(start)",
        expected: "\(count) bytes before offset \(start), at a multiple of \(ContainerLimits.chunkAlignment)",
        found: "index offset \(integer(0))")
    }
    indexOffset = expected
  }
}
