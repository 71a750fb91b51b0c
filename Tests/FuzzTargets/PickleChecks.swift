import TorchReader

/// Whether all references of a pickle's document lead to values, and questions about any value have an answer.
struct PickleChecks {
  private let document: PickleDocument
  /// Dictionaries that are looked at by key; each costs its length.
  private static let mostLookups = 64

  init(_ document: PickleDocument) { self.document = document }

  func check() throws {
    try check([document.root])
    var lookups = 0
    for (position, value) in document.values.enumerated() {
      try check(references(of: value))
      let reference = PickleDocument.Reference(index: Int32(position))
      try FuzzFinding.require(
        [document.text(reference) != nil, document.integer(reference) != nil, document.boolean(reference) != nil]
          .count { $0 } <= 1, "value \(position) is of two kinds")
      if let call = document.call(reference) { _ = document.kind(of: call) }
      guard let entries = document.entries(of: reference), lookups < Self.mostLookups else { continue }
      lookups += 1
      try check(entries.flatMap { [$0.key, $0.value] })
      guard let key = entries.lazy.compactMap({ document.text($0.key) }).first else { continue }
      try FuzzFinding.require(document.value(of: key, in: reference) != nil, "key \(key.debugDescription) is not found")
    }
  }

  private func check(_ references: [PickleDocument.Reference]) throws {
    for reference in references {
      try FuzzFinding.require(
        document.values.indices.contains(Int(reference.index)),
        "value \(reference.index) of \(document.values.count)")
    }
  }

  private func references(of value: PickleDocument.Value) -> [PickleDocument.Reference] {
    switch value {
    case .none, .boolean, .integer, .longInteger, .real, .text, .bytes, .global: []
    case .tuple(let items), .list(let items), .set(let items): items
    case .dictionary(let entries): entries.flatMap { [$0.key, $0.value] }
    case .call(let call):
      [call.callable, call.arguments] + call.items + call.entries.flatMap { [$0.key, $0.value] }
        + (call.state.map { [$0] } ?? [])
    case .persistent(let identifier): [identifier]
    }
  }
}
