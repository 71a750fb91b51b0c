import Foundation
import TestSupport

extension HostileInput {
  /// Rows M1 and M2: what lies beside the weights, and names that do not fit them.
  static let checkpoints: [HostileInput] = [
    index("a path out of the folder", "safetensors.indexUnsafePath") { "{\"weight_map\":{\"a\":\"../secret\"}}" },
    index("an absolute path", "safetensors.indexUnsafePath") { "{\"weight_map\":{\"a\":\"/etc/passwd\"}}" },
    index("a path with control characters", "safetensors.indexUnsafePath") {
      "{\"weight_map\":{\"a\":\"\u{9B}2J\\u001b[2J\"}}"
    },
    index("a missing file", "safetensors.indexMissingFile", status: 66) {
      "{\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}"
    },
    index("200 000 files", "safetensors.indexTooLarge") {
      "{\"weight_map\":{" + (0..<200_000).map { "\"t\($0)\":\"f\($0)\"" }.joined(separator: ",") + "}}"
    },
    index("junk", "json.syntax") { filled(limit, " ") },
    index("more than is read", "safetensors.indexTooLarge") { filled(limit + 1, " ") },
    index("nesting in an unknown key", "json.tooDeep") { filled(limit, "[", before: "{\"x\":") },
    index("values in an unknown key", "json.syntax") { filled(limit, "[],", before: "{\"x\":[") },
    index("one enormous name without an end", "json.syntax") { filled(limit, "a", before: "{\"weight_map\":{\"") },
    index("more tensors than an index may have", "safetensors.indexTooLarge") {
      "{\"weight_map\":{" + (0..<900_000).map { "\"\($0)\":\"f\"" }.joined(separator: ",") + "}}"
    },
    index("90 000 tensors and then junk", "json.syntax") {
      "{\"weight_map\":{" + (0..<90_000).map { "\"t\($0)\":\"f\"" }.joined(separator: ",") + "},}"
    },
    configuration("8 MiB of junk", "config.tooLarge") { filled(limit, "[],", before: "{\"a\":[") },
    configuration("one byte too many", "config.tooLarge") { filled(configurationLimit + 1, " ") },
    configuration("the most spaces that are read", "json.syntax") { filled(configurationLimit, " ") },
    configuration("the most lists that are read", "config.tooComplex") {
      filled(configurationLimit, "[],", before: "{\"a\":[")
    },
    configuration("the most fields that are read", "config.tooComplex") {
      "{" + (0..<350_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    },
    configuration("one enormous string", "json.syntax") { filled(configurationLimit, "\\n", before: "{\"a\":\"") },
    configuration("100 000 levels", "json.tooDeep") { "{\"a\":" + String(repeating: "[", count: 100_000) },
    configuration("an unknown model", "config.unsupported") { "{\"model_type\":\"\\u001b[31mmixtral\\u202e\"}" },
    unexpected(3000, "model.extra.\u{1}.weight"), unexpected(2000, "\u{1}"),
    unexpected(2000, "model.layers.\u{1}.self_attn.qkv_proj.weigth"),
    unexpected(30_000, "model.layers.\u{1}.self_attn.qkv_proj.weigth"),
  ]

  /// The longest config.json that is parsed.
  private static let configurationLimit = 4 << 20

  /// A folder with an index and no weights.
  private static func index(
    _ description: String, _ code: String, status: Int32 = 65, _ text: @escaping @Sendable () -> String
  ) -> HostileInput {
    HostileInput(
      testDescription: "index: \(description)", command: .inspect, path: "source", code: code, status: status
    ) { folder in
      try FileManager.default.createDirectory(atPath: folder.file("source"), withIntermediateDirectories: true)
      try folder.write("source/model.safetensors.index.json", text: text())
    }
  }

  /// A good checkpoint with another config.json.
  private static func configuration(
    _ description: String, _ code: String, _ text: @escaping @Sendable () -> String
  ) -> HostileInput {
    HostileInput(testDescription: "config.json: \(description)", command: .convert, path: "source", code: code) {
      folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source"))
      try folder.write("source/config.json", text: text())
    }
  }

  /// A good checkpoint with more tensors than its model has; U+0001 in the pattern stands for a number.
  private static func unexpected(_ count: Int, _ pattern: String) -> HostileInput {
    HostileInput(
      testDescription: "\(count) unexpected tensors named \(pattern.replacing("\u{1}", with: "N"))", command: .convert,
      path: "source", code: "graph.mismatch"
    ) { folder in
      try CheckpointCopies.make(of: "fusion-phi-tiny", at: folder.file("source")) { tensors in
        for number in 0..<count {
          tensors[pattern.replacing("\u{1}", with: "\(number + 100)")] = .init(
            dtype: "BF16", shape: [1], bytes: [0, 0])
        }
      }
    }
  }
}
