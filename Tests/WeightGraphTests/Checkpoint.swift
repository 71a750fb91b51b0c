import Foundation
import FusionCore
import TestSupport
import Testing
import WeightGraph

/// A checkpoint as the graph sees it: configuration fields and tensor descriptions, to be changed at will.
struct Checkpoint {
  var config: [String: Any]
  var tensors: [TensorDescription]

  /// A fixture's real config.json and the headers of its real shards.
  init(fixture: String) throws {
    let folder = Fixtures.path(fixture)
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/config.json"))
    config = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    tensors = []
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    for (index, name) in names.filter({ $0.hasSuffix(".safetensors") }).enumerated() {
      tensors += try Checkpoint.header(of: folder + "/" + name, fileIndex: index)
    }
  }

  /// Exactly the tensors that a configuration asks for, without optional ones.
  init(config: [String: Any]) throws {
    self.config = config
    tensors = []
    let configuration = try self.configuration()
    for specification in ExpectedTensors.list(for: configuration) where !specification.isOptional {
      add(specification.sourceName, specification.shape.dimensions)
    }
  }

  func configuration() throws -> ModelConfiguration {
    try ModelConfiguration(json: Array(JSONSerialization.data(withJSONObject: config)), file: "config.json")
  }

  func graph() throws -> CanonicalGraph {
    try CanonicalGraph.build(configuration: configuration(), tensors: tensors, file: "checkpoint")
  }

  func report() throws -> GraphProblemReport {
    try CanonicalGraph.diagnose(configuration: configuration(), tensors: tensors)
  }

  /// The error of ``graph()``; fails the test that uses it if there is none.
  func error() throws -> FusionError {
    do {
      _ = try graph()
    } catch let error as FusionError {
      return error
    }
    throw MissingError()
  }

  mutating func add(_ name: String, _ shape: [Int], _ dtype: DType = .bf16) {
    tensors.append(Checkpoint.description(name, shape, dtype))
  }

  mutating func remove(where matches: (String) -> Bool) { tensors.removeAll { matches($0.name) } }

  mutating func rename(_ change: (String) -> String) {
    tensors = tensors.map { Checkpoint.description(change($0.name), $0.shape.dimensions, $0.dtype) }
  }

  /// Changes the shape or type of one tensor.
  mutating func replace(_ name: String, shape: [Int]? = nil, dtype: DType? = nil) {
    tensors = tensors.map {
      $0.name == name ? Checkpoint.description(name, shape ?? $0.shape.dimensions, dtype ?? $0.dtype) : $0
    }
  }

  static func description(_ name: String, _ sizes: [Int], _ dtype: DType, fileIndex: Int = 0) -> TensorDescription {
    guard let shape = Shape(sizes), let bytes = shape.byteCount(of: dtype) else {
      preconditionFailure("a test's own shape \(sizes) is invalid")
    }
    return TensorDescription(
      name: name, dtype: dtype, shape: shape, fileIndex: fileIndex, offset: 0, byteCount: bytes)
  }

  private static func header(of path: String, fileIndex: Int) throws -> [TensorDescription] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length)) as? [String: Any] ?? [:]
    return try json.filter { $0.key != "__metadata__" }.map { name, value in
      let entry = try #require(value as? [String: Any])
      let dtype = try #require((entry["dtype"] as? String).flatMap(DType.init))
      return description(name, try #require(entry["shape"] as? [Int]), dtype, fileIndex: fileIndex)
    }
  }

  /// Thrown where an error was due and none came.
  struct MissingError: Error {}
}
