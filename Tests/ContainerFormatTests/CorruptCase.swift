import ContainerFormat
import FusionCore
import Testing

/// A container that breaks one rule, and the error that must come of it.
struct CorruptCase: Sendable, CustomTestStringConvertible {
  /// Row of the matrix of malformed inputs.
  let row: String
  let name: String
  let code: FusionError.Code
  var place: String?
  var expected: String?
  var found: String?
  /// Whether opening succeeds and only decoding finds the defect.
  var opens = false
  let forge: @Sendable (inout ForgedContainer) -> Void

  var testDescription: String { "\(row) \(name)" }

  init(
    _ row: String, _ name: String, _ code: FusionError.Code, place: String? = nil, expected: String? = nil,
    found: String? = nil, opens: Bool = false, _ forge: @escaping @Sendable (inout ForgedContainer) -> Void
  ) {
    self.row = row
    self.name = name
    self.code = code
    self.place = place
    self.expected = expected
    self.found = found
    self.opens = opens
    self.forge = forge
  }

  static let all = frame + index + names + tensors + chunks

  // Paths into the index, by the field numbers of the specification.
  static func tensor(_ position: Int) -> [(Int, Int)] { [(1, position)] }
  static func stream(_ tensor: Int, _ stream: Int) -> [(Int, Int)] { [(1, tensor), (9, stream)] }
  static func chunk(_ tensor: Int, _ stream: Int, _ chunk: Int) -> [(Int, Int)] {
    [(1, tensor), (9, stream), (2, chunk)]
  }
  static let statistics = [(1, 1), (11, 0)]
  static func alias(_ position: Int) -> [(Int, Int)] { [(2, position)] }
  static func file(_ position: Int) -> [(Int, Int)] { [(3, position)] }
  static let provenance = [(4, 0)]
  static func source(_ position: Int) -> [(Int, Int)] { [(4, 0), (5, position)] }
  static let fallback = [(4, 0), (6, 0)]
}
