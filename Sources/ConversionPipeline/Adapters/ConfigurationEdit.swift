import FusionCore
import WeightGraph

/// A field of config.json that is no longer true of a model that was put together, and what is true.
struct ConfigurationEdit: Sendable, Hashable {
  /// A field of the outermost object.
  let field: String
  /// Its value, as JSON.
  let value: String

  /// A configuration with some fields changed; everything else stays as it was written.
  ///
  /// - Parameter file: its path, for errors.
  /// - Throws: what reading JSON throws.
  static func apply(_ edits: [ConfigurationEdit], to bytes: [UInt8], file: String) throws -> [UInt8] {
    try edits.reduce(bytes) { bytes, edit in try edit.applied(to: bytes, file: file) }
  }

  private func applied(to bytes: [UInt8], file: String) throws -> [UInt8] {
    var found: Range<Int>?
    var start = 0
    do {
      try bytes.withUnsafeBytes { buffer in
        var scanner = try StrictJSONScanner(
          buffer, maximumDepth: StrictJSONScanner.deepestNesting, dialect: .lenient)
        try scanner.beginObject()
        start = scanner.position
        while let name = try scanner.nextKey() {
          _ = try scanner.kind()
          let first = scanner.position
          try scanner.skipValue()
          if name == field { found = first..<scanner.position }
        }
        try scanner.finish()
      }
    } catch let error as FusionError {
      throw error.inFile(file)
    }
    var result = bytes
    if let found {
      result.replaceSubrange(found, with: Array(value.utf8))
    } else {
      result.insert(contentsOf: Array("\n  \"\(field)\": \(value),".utf8), at: start)
    }
    return result
  }
}
