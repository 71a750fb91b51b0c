import ConversionPipeline
import Foundation
import FusionCore
import TestSupport

/// Golden values of one case of one fixture, read without the project's own reader.
struct GoldenCase {
  /// How far the reference itself is from a float64 run.
  struct Tolerance: Decodable {
    let difference: Double

    enum CodingKeys: String, CodingKey {
      case difference = "max_abs"
    }
  }

  static let fixtures = ["fusion-phi-tiny", "fusion-x-llama-tiny"]
  static let names = ["case1", "case2", "text_zero_image", "text_plain"]

  let fixture: String
  let name: String
  let tensors: [String: RawSafetensors.Tensor]
  let document: GoldenDocument
  let tolerances: [String: Tolerance]

  init(_ fixture: String, _ name: String) throws {
    self.fixture = fixture
    self.name = name
    let folder = Fixtures.path("golden/\(fixture)")
    func decode<Value: Decodable>(_ type: Value.Type, _ file: String) throws -> Value {
      try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file).json")))
    }
    tensors = try RawSafetensors(path: "\(folder)/\(name).safetensors").tensors
    document = try decode(GoldenDocument.self, name)
    tolerances = try decode([String: [String: Tolerance]].self, "tolerances")[name] ?? [:]
  }

  /// What the reference was asked.
  var request: RunRequest {
    var request = RunRequest(questions: [document.question ?? "Write one sentence about free software licenses."])
    request.imagePath = document.image.map { Fixtures.path($0) }
    request.isBlankImage = name == "text_zero_image"
    request.maximumTokenCount = document.generated.ids.count
    request.stopsAtEndToken = false
    return request
  }

  func tensor(_ name: String) throws -> RawSafetensors.Tensor {
    guard let tensor = tensors[name] else { throw GoldenError.noTensor(name) }
    return tensor
  }
}

enum GoldenError: Error {
  case noTensor(String)
  case wrongShape(String, [Int], [Int])
}

extension RawSafetensors.Tensor {
  /// The values of an F32 tensor.
  var floats: [Float] {
    bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The values of an I64 tensor.
  var integers: [Int] {
    bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 8)).map { Int(bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
    }
  }
}
