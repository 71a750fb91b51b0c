import FusionCore
import SafetensorsReader
import TestSupport

/// A small statistics file, made by hand.
struct StatisticsFile {
  struct Tensor {
    var name: String
    var dtype: DType
    var sizes: [Int]
    var bytes: [UInt8]
  }

  var metadata: [String: String] = [
    "schema": "fusion-convert.statistics/1", "program": "by hand", "model": String(repeating: "a0", count: 32),
    "family": "llama", "data": "hand.jsonl", "data_digest": String(repeating: "d", count: 64), "samples": "2",
    "pictures": "1", "language_tokens": "3", "vision_tokens": "4", "language_weight": "2", "vision_weight": "0.5",
    "sites": #"{"a.q":{"weights":["a.q.weight","a.k.weight"],"language_rows":3,"vision_rows":4},"#
      + #""b":{"weights":["b.weight"],"language_rows":1,"vision_rows":0}}"#,
  ]
  var tensors: [Tensor] = []

  init() {
    // Rows count 8 in all, so sums are 8 times the means.
    setDouble("a.q.square_sums", [8, 16, 24])
    setDouble("a.q.magnitude_sums", [4, 8, 12])
    setFloat("a.q.second_moment_sums", [8, 16, 24, 32, 40, 48])
    setDouble("b.square_sums", [1])
    setDouble("b.magnitude_sums", [1])
    setFloat("b.second_moment_sums", [1])
  }

  mutating func setDouble(_ name: String, _ values: [Double]) {
    set(name, .f64, values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }, values.count)
  }

  mutating func setFloat(_ name: String, _ values: [Float]) {
    set(name, .f32, values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }, values.count)
  }

  mutating func remove(_ name: String) { tensors.removeAll { $0.name == name } }

  private mutating func set(_ name: String, _ dtype: DType, _ bytes: [UInt8], _ count: Int) {
    let tensor = Tensor(name: name, dtype: dtype, sizes: [count], bytes: bytes)
    if let index = tensors.firstIndex(where: { $0.name == name }) {
      tensors[index] = tensor
    } else {
      tensors.append(tensor)
    }
  }

  /// Writes the file and gives its path.
  func write(in folder: TemporaryFolder) throws -> String {
    let path = folder.file("statistics.safetensors")
    let writer = try SafetensorsShardWriter(
      path: path, tensors: tensors.map { ($0.name, $0.dtype, Shape($0.sizes) ?? .matrix(rows: 0, columns: 0)) },
      metadata: metadata, replacing: true)
    for tensor in tensors { try tensor.bytes.withUnsafeBytes { try writer.append($0) } }
    try writer.finish()
    return path
  }
}
