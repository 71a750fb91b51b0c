import Foundation

/// Checkpoints derived from a fixture: other types, other contents.
public enum CheckpointCopies {
  /// A copy of a fixture as one safetensors file of another float type, with the side files.
  ///
  /// - Parameters:
  ///   - fixture: name under `Tests/Fixtures`.
  ///   - type: `BF16`, `F16` or `F32`; the fixtures are BF16.
  ///   - path: folder to make.
  ///   - edit: changes the tensors before they are written.
  public static func make(
    of fixture: String, as type: String = "BF16", at path: String,
    edit: (inout [String: RawSafetensors.Tensor]) -> Void = { _ in }
  ) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: Fixtures.path(fixture)) {
      guard !name.hasSuffix(".safetensors"), !name.hasSuffix(".index.json") else { continue }
      try FileManager.default.copyItem(atPath: Fixtures.path("\(fixture)/\(name)"), toPath: "\(path)/\(name)")
    }
    var tensors = try RawSafetensors.folder(Fixtures.path(fixture)).mapValues { convert($0, to: type) }
    edit(&tensors)
    try Data(RawSafetensors(tensors).fileBytes).write(to: URL(fileURLWithPath: "\(path)/model.safetensors"))
  }

  private static func convert(_ tensor: RawSafetensors.Tensor, to type: String) -> RawSafetensors.Tensor {
    guard tensor.dtype == "BF16", type != "BF16" else { return tensor }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: tensor.bytes.count, by: 2) {
      let bits = UInt32(tensor.bytes[index]) | UInt32(tensor.bytes[index + 1]) << 8
      let value = Float(bitPattern: bits << 16)
      if type == "F32" {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
      } else {
        withUnsafeBytes(of: Float16(value).bitPattern.littleEndian) { bytes += $0 }
      }
    }
    return RawSafetensors.Tensor(dtype: type, shape: tensor.shape, bytes: bytes)
  }
}
