import Foundation
import TestSupport

/// What is known of the files of one folder of `Fixtures/torch`.
struct TorchManifest: Decodable {
  struct Tensor: Decodable {
    let name: String
    let dtype: String
    let shape: [Int]
    let stride: [Int]
    let offset: Int
    /// The same number for tensors that share one.
    let storage: Int
  }

  struct File: Decodable {
    let file: String
    let container: String
    let outcome: String
    let keyPath: [String]?
    let expected: String?
    let ignored: [String]?
    let tensors: [Tensor]?
  }

  let files: [File]

  static let versions = ["1.13.1", "2.15.0", "1.4.0"]

  static func load(_ version: String) throws -> TorchManifest {
    let url = URL(fileURLWithPath: Fixtures.path("torch/\(version)/manifest.json"))
    return try JSONDecoder().decode(TorchManifest.self, from: Data(contentsOf: url))
  }
}
