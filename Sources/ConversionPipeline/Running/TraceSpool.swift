import FusionCore
import FusionRuntime
import MappedFiles
import SafetensorsReader

/// Collects named tensors in an unnamed file beside the output, and then writes them as one safetensors file.
///
/// The header of a safetensors file comes first and needs all shapes, and the activations of a large model do not fit
/// into memory; so they wait on disk.
final class TraceSpool: ActivationRecorder {
  private let output: String
  private let file: AtomicFile
  private var tensors: [(name: String, dtype: DType, shape: Shape)] = []

  /// - Parameter output: the file that will be written; its folder must exist.
  /// - Throws: `.cannotCreate`.
  init(output: String) throws {
    self.output = output
    // Never committed, so it has no name and is gone with this object.
    file = try AtomicFile(path: output, replacing: true)
  }

  /// Number of tensors so far.
  var count: Int { tensors.count }

  func record(_ name: String, _ values: ActivationMatrix, shape: [Int]) throws {
    try values.array.withUnsafeBytes { try record(name, .f32, shape, $0) }
  }

  /// Takes whole numbers.
  func record(_ name: String, _ values: [Int], shape: [Int]? = nil) throws {
    try values.map { Int64($0).littleEndian }.withUnsafeBytes {
      try record(name, .i64, shape ?? [1, values.count], $0)
    }
  }

  /// Takes floats.
  func record(_ name: String, _ values: [Float], shape: [Int]) throws {
    try values.withUnsafeBytes { try record(name, .f32, shape, $0) }
  }

  /// Takes bytes.
  func record(_ name: String, bytes: [UInt8], shape: [Int]) throws {
    try bytes.withUnsafeBytes { try record(name, .u8, shape, $0) }
  }

  private func record(_ name: String, _ dtype: DType, _ sizes: [Int], _ bytes: UnsafeRawBufferPointer) throws {
    guard let shape = Shape(sizes), shape.byteCount(of: dtype) == bytes.count else {
      preconditionFailure("\(name): \(bytes.count) bytes for \(sizes) \(dtype)")
    }
    try file.append(bytes)
    tensors.append((name, dtype, shape))
  }

  /// Writes the safetensors file.
  ///
  /// - Returns: its size in bytes.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  func finish(metadata: [String: String], replacing: Bool) throws -> Int {
    let writer = try SafetensorsShardWriter(path: output, tensors: tensors, metadata: metadata, replacing: replacing)
    var piece = [UInt8](repeating: 0, count: 4 << 20)
    for start in stride(from: 0, to: writer.dataByteCount, by: piece.count) {
      try piece.withUnsafeMutableBytes { bytes in
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(bytes.count, writer.dataByteCount - start)])
        try file.read(at: start, into: part)
        try writer.append(UnsafeRawBufferPointer(part))
      }
    }
    try writer.finish()
    return writer.fileByteCount
  }
}
