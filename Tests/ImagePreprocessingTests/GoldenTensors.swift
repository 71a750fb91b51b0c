import FusionCore
import SafetensorsReader
import TestSupport

/// Tensors of one golden file.
struct GoldenTensors {
  private let checkpoint: SafetensorsCheckpoint

  init(_ name: String) throws {
    checkpoint = try SafetensorsCheckpoint(path: Fixtures.path("\(name).safetensors"))
  }

  /// The values of a tensor; empty if there is no such tensor of this type's width.
  func values<T: BitwiseCopyable>(_ name: String, _ type: T.Type) throws -> [T] {
    guard let tensor = checkpoint.tensors.first(where: { $0.name == name }),
      tensor.byteCount == tensor.shape.elementCount * MemoryLayout<T>.size
    else { return [] }
    return try checkpoint.withBytes(of: tensor, in: 0..<tensor.byteCount) { bytes in
      (0..<tensor.shape.elementCount).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
      }
    }
  }
}
