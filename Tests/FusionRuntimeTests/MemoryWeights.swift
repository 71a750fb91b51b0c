import FusionCore
import FusionRuntime
import TestSupport
import WeightGraph

/// Random weights in memory.
struct MemoryWeights: ModelWeights {
  let configuration: ModelConfiguration
  private(set) var values: [String: [Float]] = [:]
  private var shapes: [String: Shape] = [:]

  /// Draws all weights that a configuration asks for; norms are near 1, the others keep the size of what they work on.
  init(_ configuration: ModelConfiguration, seed: UInt64) {
    self.configuration = configuration
    var generator = SplitMix64(seed: seed)
    for tensor in ExpectedTensors.list(for: configuration) where !tensor.isOptional {
      let isNorm = tensor.canonicalName.hasSuffix("norm.weight")
      let range = isNorm ? 0.3 : 1.7 / Float(max(tensor.shape.columnCount, 1)).squareRoot()
      let scale: Float = tensor.canonicalName.hasSuffix(".bias") ? 0.2 : 1
      values[tensor.canonicalName] = (0..<tensor.shape.elementCount).map { _ in
        (isNorm ? 1 : 0) + scale * Float.random(in: -range...range, using: &generator)
      }
      shapes[tensor.canonicalName] = tensor.shape
    }
  }

  /// The same weights with one number changed.
  func replacing(_ name: String, at index: Int, with value: Float) -> MemoryWeights {
    var copy = self
    copy.values[name]?[index] = value
    return copy
  }

  func matrix(_ name: String) throws -> WeightMatrix {
    let isTied = name == "language.head.weight" && configuration.language.tieWordEmbeddings
    let name = isTied ? "language.embedding.weight" : name
    guard let values = values[name], let shape = shapes[name] else {
      throw FusionError(.noSuchWeight, "no such weight", place: name)
    }
    let memory = Memory(values)
    return WeightMatrix(
      name: name, shape: shape, dtype: .f32, encoding: .verbatim, streams: [memory.bytes], owner: memory)
  }

  func checkUnchanged() throws {}

  private final class Memory: @unchecked Sendable {
    private let buffer: UnsafeMutableBufferPointer<Float>

    init(_ values: [Float]) {
      buffer = .allocate(capacity: values.count)
      _ = buffer.initialize(from: values)
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(buffer) }

    deinit { buffer.deallocate() }
  }
}

extension FusionError.Code {
  fileprivate static let noSuchWeight = Self("test.noSuchWeight")
}
