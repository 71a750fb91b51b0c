import FusionCore

/// One weight file of an adapter, as a plan sees it.
public struct AdapterTensorFile: Sendable {
  /// Path, for errors.
  public let path: String
  /// All its tensors.
  public let tensors: [TensorDescription]

  /// Collects the fields.
  public init(path: String, tensors: [TensorDescription]) {
    self.path = path
    self.tensors = tensors
  }
}
