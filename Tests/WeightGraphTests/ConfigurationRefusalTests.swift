import Foundation
import FusionCore
import Testing
import WeightGraph

@Suite struct ConfigurationRefusalTests {
  /// One change to a tiny FUSION configuration and the error that must follow.
  struct Case: Sendable, CustomTestStringConvertible {
    let field: String
    /// JSON text of the value; `nil` removes the field.
    let json: String?
    let code: FusionError.Code
    let place: String
    let expected: String
    let found: String

    init(
      _ field: String, _ json: String?, _ code: FusionError.Code, place: String? = nil, _ expected: String,
      _ found: String
    ) {
      self.field = field
      self.json = json
      self.code = code
      self.place = place ?? field
      self.expected = expected
      self.found = found
    }

    var testDescription: String { "\(field) = \(json ?? "absent")" }
  }

  static let families = "one of fusion_phi, fusion_llama, phi3, llama"

  static let cases: [Case] = [
    Case("model_type", nil, .configurationMissingField, families, "no such field"),
    Case("model_type", "\"llava_qwen\"", .configurationUnsupported, families, "llava_qwen"),
    Case("model_type", "7", .configurationWrongType, "a text", "7"),
    Case("hidden_size", nil, .configurationMissingField, "a whole number", "no such field"),
    Case("hidden_size", "null", .configurationMissingField, "a whole number", "no such field"),
    Case("hidden_size", "\"abc\"", .configurationWrongType, "a whole number", "the text \"abc\""),
    Case("hidden_size", "64.5", .configurationWrongType, "a whole number", "64.5"),
    Case("hidden_size", "true", .configurationWrongType, "a whole number", "true"),
    Case("hidden_size", "[64]", .configurationWrongType, "a whole number", "a list of 1 values"),
    Case(
      "hidden_size", "0", .configurationOutOfRange, "1 to 65536 (published models stay below 20,000)", "0"),
    Case(
      "num_hidden_layers", "-3", .configurationOutOfRange, "1 to 1024 (published models stay below 150)", "-3"),
    Case(
      "vocab_size", "9223372036854775807", .configurationOutOfRange,
      "1 to 16777216 (published models stay below 300,000)", "9223372036854775807"),
    Case(
      "vocab_size", "9223372036854775808", .configurationWrongType, "a whole number", "9.223372036854776e+18"),
    Case("num_attention_heads", "5", .configurationInconsistent, "a divisor of hidden_size 64", "5"),
    Case(
      "num_key_value_heads", "3", .configurationInconsistent, "a divisor of num_attention_heads 4", "3"),
    Case(
      "head_dim", "15", .configurationInconsistent, "an even width of a head, since rotation works on pairs", "15"),
    Case("rms_norm_eps", "0", .configurationOutOfRange, "a number above 0, at most 1.0", "0.0"),
    Case("rope_theta", "\"big\"", .configurationWrongType, "a number", "the text \"big\""),
    Case("rope_scaling", "[]", .configurationWrongType, "an object", "a list of 0 values"),
    Case("tie_word_embeddings", "1", .configurationWrongType, "true or false", "1"),
    Case(
      "hidden_act", "\"relu\"", .configurationUnsupported,
      "one of gelu, gelu_fast, gelu_new, gelu_pytorch_tanh, quick_gelu, silu, swish", "relu"),
    Case("mm_projector_type", "\"linear\"", .configurationUnsupported, "mlp2x_gelu", "linear"),
    Case("mm_hidden_size", "48", .configurationInconsistent, "vision_config.hidden_size 32", "48"),
    Case("window_size", "0", .configurationOutOfRange, "1 to 64 (the picture's grid is no wider)", "0"),
    Case(
      "query_len", "\"16,x\"", .configurationWrongType, "a number, or text of numbers with commas between",
      "the text \"16,x\""),
    Case(
      "query_len", "\"\"", .configurationWrongType, "a number, or text of numbers with commas between",
      "the text \"\""),
    Case("query_len", "[]", .configurationOutOfRange, "1 to 64 numbers", "a list of 0 values"),
    Case("query_len", "20", .configurationOutOfRange, "perfect squares, since latents form a square", "20"),
    Case(
      "vision_config", "{\"hidden_size\": 32}", .configurationMissingField, place: "vision_config.intermediate_size",
      "a whole number", "no such field"),
    Case(
      "quantization_config", "{\"quant_method\": \"gptq\", \"bits\": 4}", .configurationAlreadyQuantized,
      "no such field: weights in bf16, f16 or f32", "quant_method gptq"),
    Case(
      "quantization_config", "{}", .configurationAlreadyQuantized, "no such field: weights in bf16, f16 or f32",
      "a quantization_config"),
  ]

  @Test(arguments: cases) func refuses(_ test: Case) throws {
    var config = Configs.tiny("fusion_phi")
    config[test.field] = nil
    var text = String(decoding: try JSONSerialization.data(withJSONObject: config), as: UTF8.self)
    if let json = test.json { text = "{\"\(test.field)\": \(json)," + text.dropFirst() }
    let error = try Self.error(Array(text.utf8))
    #expect(error.code == test.code)
    #expect(error.place == test.place)
    #expect(error.expected == test.expected)
    #expect(error.found == test.found)
    #expect(error.file == "config.json")
    #expect(error.remedy != nil)
  }

  @Test(arguments: [
    ("num_hidden_layers", 1, FusionError.Code.configurationOutOfRange),
    ("num_attention_heads", 5, .configurationInconsistent), ("image_size", 13, .configurationInconsistent),
    ("patch_size", 0, .configurationOutOfRange),
  ])
  func refusesVisionConfig(field: String, value: Int, code: FusionError.Code) throws {
    var config = Configs.tiny("fusion_llama")
    var vision = Configs.tinyVision
    vision[field] = value
    config["vision_config"] = vision
    let error = try Self.error(Array(JSONSerialization.data(withJSONObject: config)))
    #expect(error.code == code)
    #expect(error.place == "vision_config.\(field)")
    #expect(error.found == "\(value)")
  }

  @Test func widthOfAKnownTowerIsHeldAgainstTheConfiguration() throws {
    var config = Configs.fusion(Configs.phiMini, tower: Configs.siglip)
    config["mm_hidden_size"] = 1536
    let error = try Self.error(Array(JSONSerialization.data(withJSONObject: config)))
    #expect(error.code == .configurationInconsistent)
    #expect(error.expected == "mm_vision_tower's hidden size 1152")
    #expect(error.found == "1536")
  }

  @Test func refusesFilesThatAreTooLarge() throws {
    let error = try Self.error([UInt8](repeating: 0x20, count: ModelConfiguration.maximumByteCount + 1))
    #expect(error.code == .configurationTooLarge)
    #expect(error.expected == "at most 4194304 bytes")
    #expect(error.found == "4194305 bytes")
  }

  @Test func refusesNestingAndCountsBeforeTheyCost() throws {
    let nested = try Self.error(Array((#"{"a":"# + String(repeating: "[", count: 1 << 20)).utf8))
    #expect(nested.code == .jsonTooDeep)
    #expect(nested.place == "offset 36")
    #expect(nested.file == "config.json")
    let long = try Self.error(Array((#"{"a": [0"# + String(repeating: ",0", count: 200_000) + "]}").utf8))
    #expect(long.code == .configurationTooComplex)
    #expect(long.expected == "at most 100000 values")
  }

  @Test func refusesTheSameFieldTwice() throws {
    let error = try Self.error(Array(#"{"vocab_size": 1, "vocab\u005fsize": 2}"#.utf8))
    #expect(error.code == .configurationDuplicateField)
    #expect(error.place == "vocab_size, offset 36")
  }

  /// A template that is a program is text like any other here; the same template must not change what is read.
  @Test func chatTemplatesAreNotEvaluated() throws {
    var config = Configs.tiny("llama")
    let plain = try Checkpoint(config: config).configuration()
    config["chat_template"] = "{{ ''.__class__.__mro__[1].__subclasses__()[0]('rm -rf /') }}{% for x in y %}"
    #expect(try Checkpoint(config: config).configuration() == plain)
  }

  static func error(_ json: [UInt8]) throws -> FusionError {
    do {
      _ = try ModelConfiguration(json: json, file: "config.json")
    } catch let error as FusionError {
      return error
    }
    throw Checkpoint.MissingError()
  }
}
