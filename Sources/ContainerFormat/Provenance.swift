/// Where a container came from and what was done.
public struct Provenance: Sendable, Equatable {
  /// Program and version, for example `fusion-convert 0.1.0`.
  public var producer: String
  /// Format of the source, for example `safetensors`.
  public var sourceKind: String
  /// Family of the model, for example `fusion-phi`.
  public var modelFamily: String
  /// The options as JSON text, opaque to the container.
  public var recipe: String
  /// Files of the source.
  public var sources: [ProvenanceSource]
  /// Tensors that did not get the encoding that was asked for.
  public var fallbacks: [ProvenanceFallback]
  /// What a user should know, one sentence each.
  public var notices: [String]

  /// Collects the fields.
  public init(
    producer: String, sourceKind: String, modelFamily: String, recipe: String, sources: [ProvenanceSource],
    fallbacks: [ProvenanceFallback] = [], notices: [String] = []
  ) {
    self.producer = producer
    self.sourceKind = sourceKind
    self.modelFamily = modelFamily
    self.recipe = recipe
    self.sources = sources
    self.fallbacks = fallbacks
    self.notices = notices
  }
}
