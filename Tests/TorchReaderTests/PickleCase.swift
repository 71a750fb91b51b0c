import FusionCore
import TestSupport
import Testing
import TorchReader

/// One hostile or broken pickle, and how it must be refused.
struct PickleCase: Sendable, CustomTestStringConvertible {
  /// Row of the list of malformed inputs.
  let row: String
  let name: String
  let code: FusionError.Code
  let place: String
  /// Part of what the error says was found.
  let found: String
  let bytes: [UInt8]

  init(_ row: String, _ name: String, _ code: FusionError.Code, at place: String, found: String, _ bytes: [UInt8]) {
    self.row = row
    self.name = name
    self.code = code
    self.place = place
    self.found = found
    self.bytes = bytes
  }

  var testDescription: String { "\(row) \(name)" }
}

/// Reads bytes that are one pickle.
func document(of bytes: [UInt8], mayHaveMoreData: Bool = false) throws -> PickleDocument {
  try bytes.withUnsafeBytes { try PickleDocument(reading: $0, mayHaveMoreData: mayHaveMoreData) }
}

/// Scans bytes that are one pickle.
func scan(_ bytes: [UInt8]) -> PickleGlobalScan {
  bytes.withUnsafeBytes { PickleGlobalScan($0, mayHaveMoreData: false) }
}
