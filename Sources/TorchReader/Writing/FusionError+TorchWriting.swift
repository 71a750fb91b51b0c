import FusionCore

/// Ways in which what is to be written as a PyTorch file can be wrong.
extension FusionError.Code {
  /// The tensors are too large for one file.
  public static let torchShapeOverflow = Self("torch.shapeOverflow")
}
