/// How much of the mapping between the two spaces survives, in both directions.
public struct MappingLoss: Codable, Sendable, Equatable {
  /// Instruction to vision and back; nil if not measured.
  public var instruct: MappingTerm?
  /// Vision to language and back; nil if not measured.
  public var vision: MappingTerm?

  /// Collects the fields.
  public init(
    instruct: MappingTerm? = nil, vision: MappingTerm? = nil
  ) {
    self.instruct = instruct
    self.vision = vision
  }
}
