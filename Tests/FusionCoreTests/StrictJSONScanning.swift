import FusionCore
import Testing

/// Runs a scanner over text.
func scanning<Result>(
  _ text: String, origin: Int = 0, maximumDepth: Int = 16, _ body: (inout StrictJSONScanner) throws -> Result
) throws -> Result {
  try scanning(Array(text.utf8), origin: origin, maximumDepth: maximumDepth, body)
}

/// Runs a scanner over bytes.
func scanning<Result>(
  _ bytes: [UInt8], origin: Int = 0, maximumDepth: Int = 16, _ body: (inout StrictJSONScanner) throws -> Result
) throws -> Result {
  try bytes.withUnsafeBytes { buffer in
    var scanner = try StrictJSONScanner(buffer, origin: origin, maximumDepth: maximumDepth)
    return try body(&scanner)
  }
}

/// The error that a call must throw.
func refusal(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) throws -> FusionError {
  try #require(throws: FusionError.self, sourceLocation: sourceLocation, performing: body)
}

extension StrictJSONScanner {
  /// Reads an array of one integer.
  mutating func readOneInteger() throws {
    try beginArray()
    _ = try nextElement()
    _ = try unsignedInteger()
  }
}
