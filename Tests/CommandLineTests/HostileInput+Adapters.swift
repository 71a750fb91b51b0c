import Foundation
import TestSupport

extension HostileInput {
  /// Adapters over a good base: patterns, lists and numbers of adapter_config.json, and the factors themselves.
  static let adapters: [HostileInput] = [
    configured("one enormous pattern", "adapter.badPattern") { ranks([filled(3 << 20, "a")]) },
    configured("an enormous pattern of groups", "adapter.badPattern") { ranks([filled(3 << 20, "(a|b)*")]) },
    configured("a name of control characters", "config.outOfRange") {
      "\"rank_pattern\":{\"" + String(repeating: "\\u001b", count: 1_500) + "\":0}"
    },
    configured("empty groups repeated, then damage", "adapter.badPattern") {
      ranks([filled(4_000, "(){9999}", after: "(")])
    },
    configured("empty groups in each other, then damage", "adapter.badPattern") {
      ranks([(0..<31).reduce("") { inner, _ in "(\(inner)){9999}" } + "("])
    },
    configured("groups that are written and taken away", "adapter.badPattern") {
      ranks([filled(4_000, "(a{1900}){0}")])
    },
    configured("many patterns that are written and taken away", "adapter.unsupported") {
      ranks((0..<4_000).map { "m\($0)(a{1900}){0}" })
    },
    configured("60 000 patterns", "adapter.unsupported") { ranks((0..<60_000).map { "m\($0)" }) },
    configured("a thousand long names as patterns", "adapter.unsupported") {
      ranks((0..<1_000).map { filled(3_800, "a", before: "m\($0)") })
    },
    configured("the longest patterns, none of them plain", "adapter.unsupported") {
      ranks((0..<4).map { "m\($0).{1500}" })
    },
    configured("90 000 modules_to_save", "config.outOfRange") { saved(90_000) },
    configured("a rank of 0", "config.outOfRange", replacing: "\"r\": 4") { "\"r\": 0" },
    configured("a rank of 2^62", "config.outOfRange", replacing: "\"r\": 4") { "\"r\": 4611686018427387904" },
    configured("a strength of 1e300", "config.outOfRange", replacing: "\"lora_alpha\": 8") { "\"lora_alpha\": 1e300" },
    configured("a strength of NaN", "config.outOfRange", replacing: "\"lora_alpha\": 8") { "\"lora_alpha\": NaN" },
    adapter("NaN in a factor", "adapter.nonfinite") { tensors in
      let count = tensors[factorA]?.bytes.count ?? 0
      tensors[factorA]?.bytes = [UInt8](repeating: 0xFF, count: count)
    },
    adapter(
      "a thousand modules_to_save, 20 000 whole tensors and half an update", "adapter.halfMissing",
      configuration: saved(1_000)
    ) { tensors in
      for number in 0..<20_000 {
        tensors["w\(number).x.y.weight"] = zeros([1])
      }
      tensors[factorA] = nil
    },
    adapter(
      "the costliest patterns for every update, and one that is for nothing", "adapter.unknownTarget",
      configuration: ranks(["(.*.?){390}x", "(.*.?){390}y"])
    ) { tensors in
      tensors = ["z.lora_A.weight": zeros([4, 1]), "z.lora_B.weight": zeros([1, 4])]
      for (name, tensor) in try RawSafetensors.folder(Fixtures.path("fusion-phi-tiny"))
      where tensor.shape.count == 2 && name.hasSuffix(".weight") {
        let module = name.dropLast(".weight".count)
        tensors["\(module).lora_A.weight"] = zeros([4, tensor.shape[1]])
        tensors["\(module).lora_B.weight"] = zeros([tensor.shape[0], 4])
      }
    },
  ]

  private static let factorA = "base_model.model.model.layers.0.self_attn.o_proj.lora_A.weight"

  private static func zeros(_ shape: [Int]) -> RawSafetensors.Tensor {
    .init(dtype: "F32", shape: shape, bytes: [UInt8](repeating: 0, count: 4 * shape.reduce(1, *)))
  }

  private static func ranks(_ patterns: [String]) -> String {
    "\"rank_pattern\": {" + patterns.map { "\"\($0)\":4" }.joined(separator: ",") + "}"
  }

  private static func saved(_ count: Int) -> String {
    "\"modules_to_save\": [" + (0..<count).map { "\"m\($0).x.y\"" }.joined(separator: ",") + "]"
  }

  /// A good adapter with something else in its configuration, as a field more or in place of one.
  private static func configured(
    _ description: String, _ code: String, replacing old: String = "", _ text: @escaping @Sendable () -> String
  ) -> HostileInput {
    adapterInput(description, code) { folder in
      try write(folder, configuration: text(), replacing: old) { _ in }
    }
  }

  /// A good adapter with other tensors.
  private static func adapter(
    _ description: String, _ code: String, configuration: String = "",
    edit: @escaping @Sendable (inout [String: RawSafetensors.Tensor]) throws -> Void
  ) -> HostileInput {
    adapterInput(description, code) { folder in
      try write(folder, configuration: configuration, replacing: "", edit: edit)
    }
  }

  private static func adapterInput(
    _ description: String, _ code: String, _ make: @escaping @Sendable (TemporaryFolder) throws -> Void
  ) -> HostileInput {
    HostileInput(
      testDescription: "adapter: \(description)", command: .convert, path: Fixtures.path("fusion-phi-tiny"), code: code,
      options: ["--adapter", "adapter"], make: make)
  }

  private static func write(
    _ folder: TemporaryFolder, configuration: String, replacing old: String,
    edit: (inout [String: RawSafetensors.Tensor]) throws -> Void
  ) throws {
    // Fields with patterns are renamed, so that those of the test are the only ones.
    let source = Fixtures.path("lora/patterns")
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(source)/adapter_config.json"))
    var text = String(decoding: data, as: UTF8.self)
    if !old.isEmpty {
      text = text.replacing(old, with: configuration)
    } else if !configuration.isEmpty {
      text =
        text.replacing("\"rank_pattern\"", with: "\"other_ranks\"").replacing(
          "{\n", with: "{ \(configuration),\n", maxReplacements: 1)
    }
    try FileManager.default.createDirectory(atPath: folder.file("adapter"), withIntermediateDirectories: true)
    try folder.write("adapter/adapter_config.json", text: text)
    var tensors = try RawSafetensors(path: "\(source)/adapter_model.safetensors").tensors
    try edit(&tensors)
    try folder.write("adapter/adapter_model.safetensors", RawSafetensors(tensors).fileBytes)
  }
}
