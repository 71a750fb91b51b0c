import Foundation
import TestSupport

/// Golden values of one case of one fixture, read without the project's own reader.
struct GoldenCase {
  /// What one tensor of a case was measured to differ from a float64 run.
  struct Tolerance: Decodable {
    let max_abs: Double
    let peak: Double
  }

  let fixture: String
  let name: String
  let file: RawSafetensors
  let tolerances: [String: Tolerance]

  init(_ fixture: String, _ name: String) throws {
    self.fixture = fixture
    self.name = name
    let folder = Fixtures.path("golden/\(fixture)")
    file = try RawSafetensors(path: "\(folder)/\(name).safetensors")
    let all = try JSONDecoder().decode(
      [String: [String: Tolerance]].self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/tolerances.json")))
    tolerances = all[name] ?? [:]
  }

  func integers(_ name: String) throws -> [Int] {
    try tensor(name).bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 8)).map { Int(bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
    }
  }

  func floats(_ name: String) throws -> [Float] {
    try tensor(name).bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  func tensor(_ name: String) throws -> RawSafetensors.Tensor {
    guard let tensor = file.tensors[name] else { throw GoldenError.noTensor(name) }
    return tensor
  }

  /// Names of the float tensors.
  var activationNames: [String] {
    file.tensors.filter { $0.value.dtype == "F32" && !$0.key.hasPrefix("pixel_values") }.map(\.key).sorted()
  }
}

enum GoldenError: Error {
  case noTensor(String)
  case wrongShape(String, [Int], [Int])
}
