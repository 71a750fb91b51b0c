import FusionCore
import Testing

/// One file and what reading its header must lead to.
struct HeaderCase: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable {
    /// Names of the tensors in the order of their bytes.
    case accepted([String])
    case refused(FusionError.Code, place: String, expected: String, found: String, remedy: String = "download")
  }

  /// Row of the list of malformed inputs.
  let row: String
  let name: String
  let outcome: Outcome
  let bytes: @Sendable () -> [UInt8]

  init(_ row: String, _ name: String, _ outcome: Outcome, _ bytes: @escaping @Sendable () -> [UInt8]) {
    self.row = row
    self.name = name
    self.outcome = outcome
    self.bytes = bytes
  }

  var testDescription: String { "\(row) \(name)" }

  var code: FusionError.Code? {
    if case .refused(let code, _, _, _, _) = outcome { return code }
    return nil
  }
}
