/// One cosine term of the semantic mapping loss, of both models; 0 is a perfect mapping, 2 the worst.
public struct MappingTerm: Codable, Sendable, Equatable {
  /// The reference's term.
  public var reference: Double
  /// The candidate's term.
  public var candidate: Double

  /// Collects the fields.
  public init(
    reference: Double, candidate: Double
  ) {
    self.reference = reference
    self.candidate = candidate
  }
}
