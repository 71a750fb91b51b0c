import Foundation

/// Writes zip archives, right ones as several programs do and wrong ones in every way, without the project's own code.
public struct ZipBuilder {
  /// How a program writes an entry.
  public enum Style: Sendable, CaseIterable {
    /// As PyTorch: contents at multiples of 64 bytes, sizes after the content, Zip64 end records.
    case torch
    /// As Python's `zipfile` into a file: sizes in the header.
    case stored
    /// The same with `force_zip64`.
    case storedZip64
    /// As Python's `zipfile` into a pipe: sizes after the content.
    case streamed
    /// The same with `force_zip64`.
    case streamedZip64

    var hasDescriptor: Bool { self != .stored && self != .storedZip64 }
    var isWide: Bool { self == .storedZip64 || self == .streamedZip64 }
  }

  /// One entry.
  public struct Entry {
    /// Full name in bytes.
    public var name: [UInt8]
    /// Content.
    public var content: [UInt8]
    /// Zero bytes after the content, which take no room on the disk; a checksum is not computed over them.
    public var holeByteCount = 0
    /// What follows the content in place of the right descriptor.
    public var descriptor: [UInt8]?
    /// Bytes after the entry that belong to none.
    public var trailer: [UInt8] = []
    /// Whether the central directory has it.
    public var isListed = true
    /// Changes the local header.
    public var editLocal: (inout ZipHeader) -> Void = { _ in }
    /// Changes the record in the central directory.
    public var editCentral: (inout ZipHeader) -> Void = { _ in }

    /// An entry without a defect.
    public init(_ name: String, _ content: [UInt8]) {
      self.name = Array(name.utf8)
      self.content = content
    }
  }

  /// The entries, in the order of the file and of the directory.
  public var entries: [Entry]
  /// How they are written.
  public var style: Style
  /// Bytes before the first entry, of which offsets know nothing.
  public var prefix: [UInt8] = []
  /// Bytes between the central directory and the end records.
  public var beforeEnd: [UInt8] = []
  /// Changes the end records.
  public var editEnd: (inout ZipEnd) -> Void = { _ in }

  /// An archive without a defect.
  public init(_ entries: [Entry], style: Style = .torch) {
    self.entries = entries
    self.style = style
  }

  /// A small archive without a defect: a text, 100 counting bytes, nothing, and a number.
  public static func sample(_ style: Style = .torch, root: String = "archive") -> ZipBuilder {
    ZipBuilder(
      [
        Entry("\(root)/data.pkl", Array("a pickle would be here".utf8)),
        Entry("\(root)/data/0", (0..<100).map { UInt8($0) }), Entry("\(root)/data/1", []),
        Entry("\(root)/version", Array("10\n".utf8)),
      ], style: style)
  }

  /// Pieces of the file with their offsets, and its size.
  private func build() -> (pieces: [(offset: Int, bytes: [UInt8])], byteCount: Int) {
    var pieces = [(offset: 0, bytes: prefix)]
    var position = 0
    var directory: [UInt8] = []
    for entry in entries {
      let written = write(entry, at: position)
      pieces.append((prefix.count + position, written.head))
      position += written.head.count + entry.holeByteCount
      pieces.append((prefix.count + position, written.tail))
      position += written.tail.count
      if entry.isListed { directory += written.central }
    }
    let listed = entries.count { $0.isListed }
    let endStart = position + directory.count + beforeEnd.count
    var end = ZipEnd(
      counts: (UInt16(clamping: listed), UInt16(clamping: listed)), byteCount: UInt32(clamping: directory.count),
      offset: UInt32(clamping: position))
    if style == .torch || style.isWide {
      end.zip64 = ZipEnd.Zip64(
        counts: (UInt64(listed), UInt64(listed)), byteCount: UInt64(directory.count), offset: UInt64(position),
        locatorOffset: UInt64(endStart))
    }
    editEnd(&end)
    let last = directory + beforeEnd + end.bytes
    pieces.append((prefix.count + position, last))
    return (pieces, prefix.count + position + last.count)
  }

  /// The archive, holes filled with zeros.
  public var bytes: [UInt8] {
    let built = build()
    var bytes = [UInt8](repeating: 0, count: built.byteCount)
    for piece in built.pieces {
      bytes.replaceSubrange(piece.offset..<(piece.offset + piece.bytes.count), with: piece.bytes)
    }
    return bytes
  }

  /// Writes the archive to a file with holes.
  public func write(to path: String) throws {
    let built = build()
    try Data().write(to: URL(fileURLWithPath: path))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    try handle.truncate(atOffset: UInt64(built.byteCount))
    for piece in built.pieces where !piece.bytes.isEmpty {
      try handle.seek(toOffset: UInt64(piece.offset))
      try handle.write(contentsOf: piece.bytes)
    }
  }

  private func write(_ entry: Entry, at offset: Int) -> (head: [UInt8], tail: [UInt8], central: [UInt8]) {
    let size = UInt64(entry.content.count + entry.holeByteCount)
    let crc32 = ZipBytes.crc32(entry.content)
    let limit = UInt64(UInt32.max)
    var central = ZipHeader(
      signature: 0x0201_4B50, name: entry.name, crc32: crc32, byteCount: UInt32(clamping: size))
    central.offset = UInt32(clamping: offset)
    let wideSizes = size >= limit ? [size, size] : []
    let wideOffset = UInt64(offset) >= limit ? [UInt64(offset)] : []
    let wide = wideSizes + wideOffset
    if !wide.isEmpty { central.extra = ZipBytes.extra(1, wide.flatMap(ZipBytes.of)) }
    let hasDescriptor = style.hasDescriptor && (style != .torch || size > 0)
    if hasDescriptor { central.flags |= 8 }
    if style.isWide { central.version = 45 }

    var local = central
    local.signature = 0x0403_4B50
    local.extra = []
    if hasDescriptor { (local.crc32, local.compressed, local.uncompressed) = (0, 0, 0) }
    if style == .torch {
      // PyTorch's writer leaves zeros in the header, and does not know the compressed size yet.
      let early = wideSizes.isEmpty ? wideOffset : [size, 0] + wideOffset
      if !early.isEmpty { local.extra = ZipBytes.extra(1, early.flatMap(ZipBytes.of)) }
      let start = offset + 30 + entry.name.count + local.extra.count + 4
      local.extra += ZipBytes.extra(0x4246, [UInt8](repeating: 0x5A, count: (64 - start % 64) % 64))
    } else if style.isWide {
      let stated = hasDescriptor ? 0 : size
      local.extra = ZipBytes.zip64(stated, stated)
      (local.compressed, local.uncompressed) = (.max, .max)
    }
    var tail: [UInt8] = []
    if hasDescriptor {
      let isWide = style.isWide || !wide.isEmpty
      let sizes = isWide ? ZipBytes.of(size) : ZipBytes.of(UInt32(clamping: size))
      tail = ZipBytes.of(0x0807_4B50 as UInt32) + ZipBytes.of(crc32) + sizes + sizes
    }
    entry.editLocal(&local)
    entry.editCentral(&central)
    return (local.local + entry.content, (entry.descriptor ?? tail) + entry.trailer, central.central)
  }
}
