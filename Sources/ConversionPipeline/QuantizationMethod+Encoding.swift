import FusionCore
import WeightGraph

extension QuantizationMethod {
  /// A scheme with the column scales that the method knows how to use.
  ///
  /// Embeddings are looked up, not multiplied with inputs, so their columns have nothing to be scaled by.
  func improved(_ scheme: WeightScheme, for tensor: GraphTensor) -> WeightScheme {
    guard self != .rtn, case .quantize(let encoding) = scheme, tensor.role != .embedding,
      let scaled = TensorEncoding(kind: encoding.kind, groupSize: encoding.groupSize, hasColumnScales: true)
    else { return scheme }
    return .quantize(scaled)
  }
}
