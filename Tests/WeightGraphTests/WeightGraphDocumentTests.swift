import Foundation
import FusionCore
import TestSupport
import Testing
import WeightGraph

/// Holds the table of `formats/weight-graph.md` against the code, in both directions.
@Suite struct WeightGraphDocumentTests {
  struct Row: Hashable {
    let canonical: String
    let phi: String?
    let llama: String?
    let role: String
    let part: String
    let shape: [String]
    let present: String

    init?(_ line: Substring) {
      guard line.hasPrefix("| `") else { return nil }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 7 else { return nil }
      func code(_ cell: String) -> String? { cell == "-" ? nil : cell.trimmingCharacters(in: ["`"]) }
      canonical = code(cells[0]) ?? ""
      phi = code(cells[1])
      llama = code(cells[2])
      role = cells[3]
      part = cells[4]
      shape = cells[5].trimmingCharacters(in: ["`", "[", "]"]).components(separatedBy: ", ")
      present = cells[6]
    }

    func source(fused: Bool) -> String? { fused ? phi : llama }
  }

  static func table() throws -> [Row] {
    let path = Fixtures.repository + "/formats/weight-graph.md"
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap(Row.init)
  }

  /// A name with the number of its layer as `{n}`.
  static func pattern(_ name: String) -> String {
    for prefix in ["model.vision_sampler_layers.", "samplers.", "layers."] {
      guard let start = name.range(of: prefix)?.upperBound else { continue }
      let digits = name[start...].prefix { $0.isNumber }
      return name.replacingCharacters(in: digits.startIndex..<digits.endIndex, with: "{n}")
    }
    return name
  }

  static var variants: [(type: String, changes: [String: Any])] {
    [
      ("fusion_phi", [:]), ("fusion_phi", ["tie_word_embeddings": true, "attention_bias": true]), ("phi3", [:]),
      ("fusion_llama", [:]), ("fusion_llama", ["attention_bias": true]), ("fusion_llama", ["mlp_bias": true]),
      ("llama", ["tie_word_embeddings": true, "head_dim": 20]),
    ]
  }

  @Test(arguments: variants.indices) func tableIsTheCode(_ index: Int) throws {
    let (type, changes) = Self.variants[index]
    let config = Configs.tiny(type).merging(changes) { $1 }
    let configuration = try Checkpoint(config: config).configuration()
    let list = ExpectedTensors.list(for: configuration)
    let isFused = configuration.family.hasFusedRows
    let language = configuration.language
    let rows = try Self.table().filter { row in
      guard row.source(fused: isFused) != nil, row.part == "language" || configuration.family.hasVision else {
        return false
      }
      switch row.present {
      case "attention_bias": return language.hasAttentionBias
      case "mlp_bias": return language.hasMLPBias
      default: return true
      }
    }
    var order: [String] = []
    for specification in list {
      let pattern = Self.pattern(specification.canonicalName)
      if !order.contains(pattern) { order.append(pattern) }
      let row = try #require(rows.first { $0.canonical == pattern }, "\(pattern) is not in the table")
      #expect(row.source(fused: isFused) == Self.pattern(specification.sourceName))
      #expect(row.role == specification.role.rawValue)
      #expect(row.part == specification.module.rawValue)
      #expect(row.shape == specification.shapeFormula)
      let sizes = try row.shape.map { try Self.evaluate($0, configuration) }
      #expect(sizes == specification.shape.dimensions, "\(pattern)")
      let isDroppedLayer = specification.canonicalName.hasPrefix("vision.layers.2.")
      let isOptional =
        row.present == "optional" || isDroppedLayer || (row.present == "unless tied" && language.tieWordEmbeddings)
      #expect(specification.isOptional == isOptional, "\(pattern)")
    }
    #expect(order == rows.map(\.canonical))
  }

  /// The value of a sum of products of field names and numbers, from the configuration's own values.
  static func evaluate(_ formula: String, _ configuration: ModelConfiguration) throws -> Int {
    let language = configuration.language
    var values = [
      "vocab_size": language.vocabularySize, "hidden_size": language.hiddenSize,
      "intermediate_size": language.intermediateSize, "num_attention_heads": language.headCount,
      "num_key_value_heads": language.keyValueHeadCount, "head_dim": language.headDimension,
      "head_dim / 2": language.headDimension / 2,
    ]
    if let vision = configuration.vision {
      values["vision_config.hidden_size"] = vision.hiddenSize
      values["vision_config.intermediate_size"] = vision.intermediateSize
      values["vision_config.patch_size"] = vision.patchSize
      values["patches"] = (vision.imageSize / vision.patchSize) * (vision.imageSize / vision.patchSize)
    }
    return try formula.components(separatedBy: " + ").reduce(0) { sum, term in
      try sum
        + term.components(separatedBy: " * ").reduce(1) { product, factor in
          let value = try #require(Int(factor) ?? values[factor], "unknown field \(factor)")
          return product * value
        }
    }
  }
}
