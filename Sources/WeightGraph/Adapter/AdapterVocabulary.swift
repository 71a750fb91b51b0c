import FusionCore

/// What an adapter brings whole where it was trained after the vocabulary was grown: more rows of embedding and head.
struct AdapterVocabulary {
  private static let embedding = "embed_tokens.weight"
  private static let head = "lm_head.weight"

  private var grown: [String: (base: TensorDescription, own: AdapterTensor)] = [:]

  /// Whether a tensor is a base's embedding or head with more rows; takes note of it then.
  mutating func grows(_ base: TensorDescription, to tensor: AdapterTensor) -> Bool {
    guard let kind = Self.kind(base.name), base.shape.rank == 2, tensor.description.shape.rank == 2,
      base.shape.dimensions[1] == tensor.description.shape.dimensions[1],
      tensor.description.shape.dimensions[0] > base.shape.dimensions[0]
    else { return false }
    grown[kind] = (base, tensor)
    return true
  }

  /// Whether a module is one with a row for each token.
  static func holds(module: String) -> Bool { kind(module + ".weight") != nil }

  private static func kind(_ name: String) -> String? {
    [embedding, head].first { name == $0 || name.hasSuffix("." + $0) }
  }

  /// The number of rows that both have then.
  ///
  /// - Parameters:
  ///   - tiesFollow: whether a head that the base does not store is the embedding, whatever is trained.
  /// - Returns: `nil` if nothing has grown.
  /// - Throws: `.adapterWrongShape` if one has grown and the other has not.
  func rows(
    base: [String: TensorDescription], added: [String: AdapterTensor], tiesFollow: Bool, files: [AdapterTensorFile],
    basePath: String
  ) throws -> Int? {
    guard let first = grown[Self.embedding] ?? grown[Self.head] else { return nil }
    let rows = first.own.description.shape.dimensions[0]
    func check(_ name: String) throws {
      if let other = grown[name] {
        let found = other.own.description.shape.dimensions[0]
        guard found != rows else { return }
        throw error(first, expected: "\(rows) rows of \(name) too", found: "\(found)", files)
      }
      // A base with one parameter for both has no head of its own.
      let stored = base.values.first { Self.kind($0.name) == name }
      if stored == nil, let own = added.first(where: { Self.kind($0.key) == name })?.value.description.shape {
        guard own.dimensions.first != rows else { return }
        throw error(first, expected: "\(rows) rows of \(name) too", found: own.description, files)
      }
      // What was trained beside the updates is the base's own parameter, under both names.
      if stored == nil, tiesFollow || first.own.fileIndex > 0 { return }
      throw error(
        first, expected: "\(name) of \(rows) rows in the adapter too",
        found: stored.map { "\($0.shape.rowCount) rows in \(basePath), none in the adapter" } ?? "none in the adapter",
        files)
    }
    try check(Self.embedding)
    try check(Self.head)
    return rows
  }

  private func error(
    _ grown: (base: TensorDescription, own: AdapterTensor), expected: String, found: String,
    _ files: [AdapterTensorFile]
  ) -> FusionError {
    FusionError(
      .adapterWrongShape, "the adapter was trained with a larger vocabulary and does not bring all of it",
      file: files[grown.own.fileIndex].path, place: "tensor \(grown.own.description.name)", expected: expected,
      found: found,
      remedy: "save the adapter with embedding and head (PEFT: save_embedding_layers=True), or merge it where it was"
        + " trained")
  }
}
