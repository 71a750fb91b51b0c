import FusionCore

/// A SentencePiece model's table of replacements, such as those of NFKC: a double-array trie and the texts it leads to.
///
///     4 bytes   size of the trie in bytes, little-endian
///     n × 4     the trie's units
///     the rest  the replacement texts, each ended by a zero byte
struct CharacterMap: Sendable {
  /// Longest replacement in bytes; those of NFKC stay below 100. Text grows by up to this for each of its characters.
  private static let maximumReplacementCount = 1024

  private let units: [UInt32]
  private let texts: [UInt8]

  /// Reads the field `precompiled_charsmap`.
  ///
  /// - Throws: `.tokenizerMalformedModel`.
  init(_ blob: [UInt8]) throws {
    let place = "normalizer_spec.precompiled_charsmap"
    (units, texts) = try blob.withUnsafeBytes { buffer in
      var cursor = ByteCursor(buffer)
      guard let size = cursor.integer(UInt32.self).map(Int.init), size > 0, size % 4 == 0, let trie = cursor.slice(size)
      else {
        throw FusionError.malformedModel(place, expected: "a trie inside the field", found: "\(blob.count) bytes")
      }
      var reader = ByteCursor(trie)
      var units: [UInt32] = []
      units.reserveCapacity(size / 4)
      while let unit = reader.integer(UInt32.self) { units.append(unit) }
      return (units, Array(blob[(4 + size)...]))
    }
    guard String(validating: texts, as: UTF8.self) != nil else {
      throw FusionError.malformedModel(place, expected: "replacements in UTF-8", found: "other bytes")
    }
    let longest = texts.split(separator: 0).map(\.count).max() ?? 0
    guard longest <= CharacterMap.maximumReplacementCount else {
      throw FusionError.malformedModel(
        place, expected: "replacements of at most \(CharacterMap.maximumReplacementCount) bytes",
        found: "\(longest) bytes")
    }
    for unit in units where unit >> 31 == 1 {
      // A unit that holds a value: it must lead to the beginning of a character.
      let value = Int(unit & 0x7FFF_FFFF)
      guard value <= texts.count, value == texts.count || texts[value] & 0xC0 != 0x80 else {
        throw FusionError.malformedModel(place, expected: "replacements inside the field", found: "offset \(value)")
      }
    }
  }

  /// The replacement of the longest entry that the text begins with, and the entry's length.
  func longestMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (text: ArraySlice<UInt8>, end: Int)? {
    var found: (text: ArraySlice<UInt8>, end: Int)?
    var node = CharacterMap.offset(units[0])
    for index in start..<bytes.count {
      let byte = bytes[index]
      node ^= Int(byte)
      guard node < units.count, units[node] & 0x8000_00FF == UInt32(byte) else { break }
      let unit = units[node]
      node ^= CharacterMap.offset(unit)
      if unit >> 8 & 1 == 1 {
        guard node < units.count, units[node] >> 31 == 1 else { break }
        let value = Int(units[node] & 0x7FFF_FFFF)
        let end = texts[value...].firstIndex(of: 0) ?? texts.count
        found = (texts[value..<end], index + 1)
      }
    }
    return found
  }

  private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & (1 << 9)) >> 6) }
}
