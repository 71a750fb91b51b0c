import TestSupport
import Testing

/// A file of `Fixtures/torch/hostile` and how it is refused.
struct HostileTorchFile: Sendable, CustomTestStringConvertible {
  /// Row of the list of malformed inputs.
  let row: String
  let name: String
  let code: String
  let place: String

  init(_ row: String, _ name: String, _ code: String, _ place: String) {
    self.row = row
    self.name = name
    self.code = code
    self.place = place
  }

  var testDescription: String { "\(row): \(name)" }
  var path: String { Fixtures.path("torch/hostile/\(name)") }

  static let all = pickles + tensors + containers

  /// Odd, but read without harm: what is odd is never built, or says nothing about the tensors.
  static let harmless = [
    "pickle-billion-laughs.pt", "pickle-list-in-itself.pt", "state-two-types-agreeing.pt",
    "legacy-storage-view-inside.pt", "good.pt", "good-legacy.pt",
  ]
}
