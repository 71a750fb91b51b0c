extension StrictJSONScanner {
  /// Index of the first byte that does not belong to correct UTF-8, or `nil` if all do.
  static func firstInvalidUTF8(in bytes: UnsafeRawBufferPointer) -> Int? {
    let characters = bytes.bindMemory(to: UInt8.self)
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: characters.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
