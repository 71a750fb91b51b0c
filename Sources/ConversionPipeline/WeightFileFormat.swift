import CheckpointLayout
import FusionCore
import SafetensorsReader
import TorchReader

/// A format that weight files are written in.
public enum WeightFileFormat: String, Sendable, CaseIterable {
  /// `model.safetensors`.
  case safetensors
  /// `pytorch_model.bin`, as `torch.save` writes it.
  case torch

  /// How publishers name files of the format.
  var naming: WeightFileNaming {
    switch self {
    case .safetensors: .safetensors
    case .torch: .torch
    }
  }

  /// Starts a file of which no other exists by that name.
  func writer(path: String, tensors: [(name: String, dtype: DType, shape: Shape)]) throws -> any ShardWriter {
    switch self {
    case .safetensors:
      try SafetensorsShardWriter(path: path, tensors: tensors, metadata: ["format": "pt"], replacing: false)
    case .torch: try TorchArchiveWriter(path: path, tensors: tensors, replacing: false)
    }
  }
}
