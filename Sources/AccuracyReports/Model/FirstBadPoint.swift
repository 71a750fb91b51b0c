/// The first trace point where the candidate goes wrong beyond rounding.
public struct FirstBadPoint: Codable, Sendable, Equatable {
  /// Name of the trace point.
  public var point: String
  /// What is wrong there.
  public var kind: BadValueKind
  /// What happened, for a person.
  public var sentence: String
  /// Canonical names of the tensors to look at, the most likely first.
  public var tensors: [String]

  /// Collects the fields.
  public init(
    point: String, kind: BadValueKind, sentence: String, tensors: [String]
  ) {
    self.point = point
    self.kind = kind
    self.sentence = sentence
    self.tensors = tensors
  }
}
