import ContainerFormat

/// Header and footer of a container, by the offsets of the specification, around any chunks and index.
public enum ContainerFrame {
  private static let magic: [UInt8] = [0x93, 0x46, 0x55, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let endMagic: [UInt8] = [0x93, 0x45, 0x4E, 0x44, 0x0D, 0x0A, 0x1A, 0x0A]

  /// A whole file with valid checksums; zeros bring the index to its alignment.
  public static func file(chunks: [UInt8], index: [UInt8]) -> [UInt8] {
    var file = magic + littleEndian(UInt64(ContainerLimits.majorVersion))
    file += [UInt8](repeating: 0, count: 40)
    file += littleEndian(ContainerChecksum.of(file))
    file += chunks
    let alignment = ContainerLimits.chunkAlignment
    file += [UInt8](repeating: 0, count: (alignment - file.count % alignment) % alignment)
    let size = file.count + index.count + ContainerLimits.footerByteCount
    let numbers = [UInt64(file.count), UInt64(index.count), ContainerChecksum.of(index), UInt64(size), 0, 0]
    var footer = numbers.flatMap(littleEndian)
    footer += littleEndian(ContainerChecksum.of(footer))
    return file + index + footer + endMagic
  }

  private static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
