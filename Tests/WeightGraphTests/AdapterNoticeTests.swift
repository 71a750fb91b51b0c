import FusionCore
import Testing
import WeightGraph

/// What an adapter's file says and its weights do not, and what it says that nobody here knows.
@Suite struct AdapterNoticeTests {
  private static func tensor(_ name: String, _ shape: [Int]) -> TensorDescription {
    let shape = Shape(shape) ?? Shape.matrix(rows: 0, columns: 0)
    return TensorDescription(
      name: name, dtype: .f32, shape: shape, fileIndex: 0, offset: 0, byteCount: shape.byteCount(of: .f32) ?? 0)
  }

  private func notices(layers: [Int], config: String) throws -> [String] {
    let base = (0..<12).flatMap { layer in
      ["q_proj", "v_proj"].map { Self.tensor("model.layers.\(layer).self_attn.\($0).weight", [4, 4]) }
    }
    let own = layers.flatMap { layer in
      ["lora_A", "lora_B"].map {
        Self.tensor(
          "base_model.model.model.layers.\(layer).self_attn.q_proj.\($0).weight", $0 == "lora_A" ? [1, 4] : [4, 1])
      }
    }
    let text = #"{"peft_type":"LORA","r":1,"lora_alpha":1,\#(config)}"#
    return try AdapterPlan.build(
      configuration: try AdapterConfiguration(json: Array(text.utf8), file: "adapter_config.json"), base: base,
      files: [AdapterTensorFile(path: "adapter_model.safetensors", tensors: own)], basePath: "base"
    ).notices
  }

  @Test(arguments: [#""target_modules":["q_proj"]"#, #""target_modules":["self_attn.q_proj"]"#])
  func layersWithoutAnUpdateAreNamed(config: String) throws {
    let found = try notices(layers: [0, 1, 2, 4, 9], config: config)
    #expect(found.count == 1)
    #expect(found.first?.contains("model.layers.#.self_attn.q_proj of layers 3, 5-8, 10-11") == true, "\(found)")
    #expect(try notices(layers: Array(0..<12), config: config) == [])
  }

  @Test(arguments: [
    #""target_modules":["q_proj"],"layers_to_transform":[0,1]"#, #""target_modules":"model.layers.[01].*q_proj""#,
    #""target_modules":["model.layers.0.self_attn.q_proj","model.layers.1.self_attn.q_proj"]"#,
  ])
  func chosenLayersAreNotMissed(config: String) throws { #expect(try notices(layers: [0, 1], config: config) == []) }

  @Test func fieldsThatAreNotKnownAreTold() throws {
    let all = Array(0..<12)
    let known = #""target_modules":["q_proj"],"lora_dropout":0.1,"task_type":"CAUSAL_LM","peft_version":"0.18.0""#
    #expect(try notices(layers: all, config: known) == [])
    let found = try notices(
      layers: all, config: known + #","use_nora":true,"gamma":0.5,"off":false,"none":null,"empty":[]"#)
    #expect(found.count == 1 && found.first?.contains("gamma (0.5), use_nora (true)") == true, "\(found)")
  }
}
