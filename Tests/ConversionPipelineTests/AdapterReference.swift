import ConversionPipeline
import Foundation
import FusionCore
import TestSupport
import Testing

/// A LoRA fixture: an adapter over fusion-phi-tiny, and rows of what merging it gives, computed elsewhere in float64.
struct AdapterReference: Sendable, CustomTestStringConvertible {
  let testDescription: String

  static let all = ["patterns", "stabilized", "inputs-first"].map { AdapterReference(testDescription: $0) }
  static let base = Fixtures.path("fusion-phi-tiny")

  /// The adapter's folder.
  var folder: String { Fixtures.path("lora/\(testDescription)") }

  /// Rows of the merged tensors, by tensor: their numbers and their values.
  func rows() throws -> [String: [Int: [Double]]] {
    let stored = try RawSafetensors(path: "\(folder)/reference.safetensors").tensors
    return Dictionary(
      uniqueKeysWithValues: stored.compactMap { name, tensor -> (String, [Int: [Double]])? in
        guard let rows = stored[name + ".rows"] else { return nil }
        let values = Self.numbers(tensor.bytes, as: UInt64.self).map(Double.init(bitPattern:))
        let numbers = Self.numbers(rows.bytes, as: UInt64.self).map(Int.init)
        let columns = values.count / numbers.count
        let pairs = numbers.enumerated().map { ($1, Array(values[($0 * columns)..<(($0 + 1) * columns)])) }
        return (name, Dictionary(uniqueKeysWithValues: pairs))
      })
  }

  /// Little-endian numbers.
  static func numbers<Number: FixedWidthInteger>(_ bytes: [UInt8], as type: Number.Type) -> [Number] {
    let width = MemoryLayout<Number>.size
    return stride(from: 0, to: bytes.count, by: width).map { start in
      bytes[start..<(start + width)].reversed().reduce(0) { $0 << 8 | Number($1) }
    }
  }

  static func floats(_ bytes: [UInt8]) -> [Float] { numbers(bytes, as: UInt32.self).map(Float.init(bitPattern:)) }

  /// The base with the adapter over it.
  func checkpoint() throws -> Checkpoint {
    try Checkpoint(path: Self.base, options: CheckpointOptions(adapter: folder))
  }
}
