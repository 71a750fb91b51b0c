import FusionCore

/// Finds pickles in an archive that cannot be trusted, by its local headers alone.
///
/// An archive that two readers see in two ways is refused; but what a careless reader would load from it can still be
/// looked at. Every local header that can be found counts, whatever the central directory says.
enum LoosePickleSearch {
  /// Bytes of a file that are searched; pickles of real archives come first.
  private static let searchedByteCount = 256 << 20
  /// Most pickles that are scanned.
  private static let pickleCount = 64
  private static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  private static let headerByteCount = 30

  static func pickles(in contents: UnsafeRawBufferPointer) -> [TorchGlobalListing.Pickle] {
    let bytes = UnsafeRawBufferPointer(rebasing: contents.prefix(searchedByteCount))
    var pickles: [TorchGlobalListing.Pickle] = []
    var start = 0
    while pickles.count < pickleCount, let header = next(in: bytes, from: start) {
      start = header + signature.count
      guard let (name, data) = stored(at: header, in: bytes), name.hasSuffix(".pkl") else { continue }
      pickles.append(
        TorchGlobalListing.Pickle(
          place: "\(name), found at offset \(header)",
          scan: PickleGlobalScan(bytes, startingAt: data, mayHaveMoreData: true)))
    }
    return pickles
  }

  private static func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    while position + headerByteCount <= bytes.count {
      guard let found = bytes[position...].firstIndex(of: signature[0]), found + headerByteCount <= bytes.count else {
        return nil
      }
      if bytes[found..<(found + signature.count)].elementsEqual(signature) { return found }
      position = found + 1
    }
    return nil
  }

  /// The name of an entry that is not compressed, and where its content starts.
  private static func stored(at header: Int, in bytes: UnsafeRawBufferPointer) -> (name: String, data: Int)? {
    var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[header...]))
    guard cursor.slice(8) != nil, let method = cursor.integer(UInt16.self), cursor.slice(16) != nil,
      let nameLength = cursor.integer(UInt16.self), let extraLength = cursor.integer(UInt16.self),
      let name = cursor.slice(Int(nameLength)), cursor.slice(Int(extraLength)) != nil, method == 0
    else { return nil }
    return (String(decoding: name, as: UTF8.self), header + cursor.position)
  }
}
