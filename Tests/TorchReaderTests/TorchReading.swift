import FusionCore
import TestSupport
import Testing
import TorchReader

/// Short forms of what most tests of the reader do.
enum TorchReading {
  /// All tensors of a source, as a plain reader would give them.
  static func tensors(of source: some WeightSource) throws -> [String: RawSafetensors.Tensor] {
    try source.tensors.reduce(into: [:]) { result, tensor in
      let bytes = try source.withBytes(of: tensor, in: 0..<tensor.byteCount) { Array($0) }
      result[tensor.name] = .init(dtype: tensor.dtype.rawValue, shape: tensor.shape.dimensions, bytes: bytes)
    }
  }

  /// All tensors of a file or folder.
  static func tensors(at path: String) throws -> [String: RawSafetensors.Tensor] {
    try tensors(of: TorchCheckpoint(path: path))
  }

  /// The error that opening a file and reading all of its tensors gives.
  static func refusal(_ path: String, key: String? = nil) -> FusionError? {
    do {
      _ = try tensors(of: TorchCheckpoint(path: path, stateDictKey: key))
      return nil
    } catch {
      return error as? FusionError
    }
  }

  /// An error for a person has all of its parts.
  static func expectComplete(_ error: FusionError, file path: String) {
    #expect(error.file == path)
    for part in [error.place, error.expected, error.found, error.remedy] {
      #expect(part?.isEmpty == false, "\(error)")
    }
    #expect(error.summary.first?.isUppercase == false && !error.summary.hasSuffix("."), "\(error)")
  }
}
