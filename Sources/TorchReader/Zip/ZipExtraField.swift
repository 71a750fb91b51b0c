import FusionCore

/// The list of extra fields of a header: number, length, bytes; number, length, bytes; and so on.
enum ZipExtraField {
  private static let zip64: UInt16 = 0x0001
  /// Numbers of fields that say nothing about where or what the data is.
  ///
  /// `FB` is PyTorch's padding; the others hold times and owners, and come from files that were packed again by other
  /// programs. Anything else could give an entry another name, size or content for other readers.
  private static let harmless: Set<UInt16> = [0x4246, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0xD935]

  /// The content of the Zip64 field, or `nil` if there is none; the whole list is proven to be well formed.
  ///
  /// - Throws: `.torchZipBadExtraField`, `.torchZipBadZip64`.
  static func zip64Content(
    in bytes: UnsafeRawBufferPointer, place: @autoclosure () -> String
  ) throws -> UnsafeRawBufferPointer? {
    var cursor = ZipFields(bytes)
    var content: UnsafeRawBufferPointer?
    while cursor.position < bytes.count {
      let start = cursor.position
      guard bytes.count - start >= 4 else {
        throw error(
          .torchZipBadExtraField, place(), "4 bytes of number and length", "\(bytes.count - start) bytes left")
      }
      let number = cursor.next16()
      let length = cursor.next16()
      guard let body = cursor.slice(Int(length)) else {
        throw error(
          .torchZipBadExtraField, place(), "an extra field of \(length) bytes", "\(bytes.count - cursor.position) bytes"
        )
      }
      if number == zip64 {
        guard content == nil else { throw error(.torchZipBadZip64, place(), "one Zip64 field", "two") }
        content = body
      } else if !harmless.contains(number) {
        throw FusionError(
          .torchZipBadExtraField, "an entry has an extra field of a kind that is not taken", place: place(),
          expected: "padding, times, owners or Zip64 sizes", found: "field 0x" + String(number, radix: 16),
          remedy: ZipRemedy.saveAgain)
      }
    }
    return content
  }

  /// The numbers of a Zip64 field, which must be exactly as many as are needed.
  ///
  /// - Throws: `.torchZipBadZip64`.
  static func numbers(
    _ count: Int, of content: UnsafeRawBufferPointer?, place: @autoclosure () -> String
  ) throws -> [UInt64] {
    guard let content else {
      if count == 0 { return [] }
      throw error(.torchZipBadZip64, place(), "a Zip64 field of \(count * 8) bytes", "none")
    }
    guard count > 0, content.count == count * 8 else {
      throw error(
        .torchZipBadZip64, place(), count == 0 ? "no Zip64 field" : "a Zip64 field of \(count * 8) bytes",
        "one of \(content.count)")
    }
    var cursor = ByteCursor(content)
    return (0..<count).compactMap { _ in cursor.integer(UInt64.self) }
  }

  private static func error(
    _ code: FusionError.Code, _ place: String, _ expected: String, _ found: String
  ) -> FusionError {
    FusionError(
      code, "the extra fields of an entry are not well formed", place: place, expected: expected, found: found,
      remedy: ZipRemedy.download)
  }
}
