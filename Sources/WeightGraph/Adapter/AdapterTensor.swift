import FusionCore

/// A tensor of an adapter, and which of the adapter's files it is from.
public struct AdapterTensor: Sendable, Hashable {
  /// Index of the file among those that were given to the plan.
  public let fileIndex: Int
  /// The tensor under the name that it has in that file.
  public let description: TensorDescription

  /// Collects the fields.
  public init(fileIndex: Int, description: TensorDescription) {
    self.fileIndex = fileIndex
    self.description = description
  }
}
