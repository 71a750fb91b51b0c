import FusionCore
import FusionRuntime
import WeightGraph

/// A checkpoint's weights as the runtime wants them: in place in the mapped files, nothing copied.
struct CheckpointWeights: ModelWeights {
  let checkpoint: Checkpoint

  var configuration: ModelConfiguration { checkpoint.configuration }

  func matrix(_ name: String) throws -> WeightMatrix {
    guard let tensor = checkpoint.graph.tensor(named: name)?.description else {
      throw FusionError.missingWeight(name, file: checkpoint.path)
    }
    guard tensor.dtype.isQuantizable else {
      throw FusionError.unusableWeight(name, tensor.dtype, file: checkpoint.path)
    }
    let borrowed = try checkpoint.source.borrow(tensor)
    return WeightMatrix(
      name: name, shape: tensor.shape, dtype: tensor.dtype, encoding: .verbatim, streams: [borrowed.bytes],
      owner: borrowed)
  }

  func checkUnchanged() throws { try checkpoint.source.checkUnchanged() }
}

extension FusionError {
  static func missingWeight(_ name: String, file: String) -> FusionError {
    FusionError(
      .graphMismatch, "the model lacks a weight", file: file, place: name, expected: "a tensor of this canonical name",
      found: "none", remedy: "run inspect on the model; convert or download it again")
  }

  static func unusableWeight(_ name: String, _ dtype: DType, file: String) -> FusionError {
    FusionError(
      .unusableWeightType, "the runtime cannot compute with this type of weight", file: file, place: name,
      expected: "BF16, F16 or F32", found: dtype.rawValue, remedy: "convert the checkpoint to one of these types")
  }
}

extension FusionError.Code {
  /// A weight of a type that does not become float32 without loss.
  public static let unusableWeightType = Self("runtime.unusableWeightType")
}
