/// What a container holds and where.
public struct ContainerIndex: Sendable, Equatable {
  /// The tensors.
  public var tensors: [ContainerTensor]
  /// Second names of tensors.
  public var aliases: [ContainerAlias]
  /// Small files that belong to the model.
  public var files: [ContainerFile]
  /// Where all of it came from.
  public var provenance: Provenance

  /// Collects the fields; a writer or reader proves them.
  public init(
    tensors: [ContainerTensor], aliases: [ContainerAlias] = [], files: [ContainerFile] = [], provenance: Provenance
  ) {
    self.tensors = tensors
    self.aliases = aliases
    self.files = files
    self.provenance = provenance
  }
}
