/// One way in which a checkpoint differs from what its configuration asks for.
public struct GraphProblem: Sendable, Hashable, Codable {
  /// The kinds of difference, in the order in which reports list them; the raw value is for JSON.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// A tensor that the model needs is absent.
    case missing
    /// A tensor that the model does not know is present.
    case unexpected
    /// A tensor has other sizes than the configuration gives it.
    case wrongShape
    /// A weight is not made of floating-point numbers.
    case wrongType
    /// Two tensors have the same name.
    case duplicate
  }

  /// What is wrong.
  public let kind: Kind
  /// The tensor's name in the checkpoint.
  public let sourceName: String
  /// Its canonical name; `nil` for a name that the model does not know.
  public let canonicalName: String?
  /// The shape or type that was expected, where there is one.
  public let expected: String?
  /// The shape or type that was found, where there is one.
  public let found: String?
  /// For an unexpected name the nearest known one, if there is one not too far away.
  public let nearest: String?
  /// What the difference comes down to, in words, if that can be told from this tensor alone.
  public let hint: String?

  init(
    _ kind: Kind, _ sourceName: String, canonical: String? = nil, expected: String? = nil, found: String? = nil,
    nearest: String? = nil, hint: String? = nil
  ) {
    self.kind = kind
    self.sourceName = sourceName
    canonicalName = canonical
    self.expected = expected
    self.found = found
    self.nearest = nearest
    self.hint = hint
  }
}
