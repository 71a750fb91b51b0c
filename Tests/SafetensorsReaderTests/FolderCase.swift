import FusionCore
import TestSupport
import Testing

/// One folder and what opening it must lead to.
struct FolderCase: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable {
    /// Names of the files that are read, and a part of each notice.
    case accepted([String], notices: [String] = [])
    case refused(FusionError.Code, place: String?, expected: String, found: String, remedy: String)
  }

  let name: String
  let outcome: Outcome
  let fill: @Sendable (TemporaryFolder) throws -> Void

  init(_ name: String, _ outcome: Outcome, _ fill: @escaping @Sendable (TemporaryFolder) throws -> Void) {
    self.name = name
    self.outcome = outcome
    self.fill = fill
  }

  var testDescription: String { name }

  var code: FusionError.Code? {
    if case .refused(let code, _, _, _, _) = outcome { return code }
    return nil
  }
}

extension TemporaryFolder {
  /// Writes a weight file whose tensors have five bytes each.
  func weights(_ name: String, _ tensors: String...) throws {
    try write(name, SafetensorsBytes.tensors(tensors.map { ($0, 5) }))
  }

  /// Writes an index from pairs of tensor and file, as JSON text without escaping.
  func index(_ pairs: (String, String)...) throws {
    let map = pairs.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
    try write("model.safetensors.index.json", text: "{\"weight_map\":{\(map)}}")
  }
}
