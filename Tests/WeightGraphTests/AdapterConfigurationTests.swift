import Foundation
import FusionCore
import Testing
import WeightGraph

@Suite struct AdapterConfigurationTests {

  private static func configuration(_ changes: String) throws -> AdapterConfiguration {
    let text = #"{"peft_type":"LORA","r":8,"lora_alpha":16\#(changes.isEmpty ? "" : ",")\#(changes)}"#
    return try AdapterConfiguration(json: Array(text.utf8), file: "adapter_config.json")
  }

  @Test func fieldsAreRead() throws {
    let read = try Self.configuration(
      #""use_rslora":true,"fan_in_fan_out":true,"target_modules":["q_proj"],"modules_to_save":["norm"],"bias":"all""#)
    #expect(read.rank == 8 && read.alpha == 16 && read.isRankStabilized && read.storesInputsFirst)
    #expect(read.targetModules == ["q_proj"] && read.savedModules == ["norm"])
    #expect(read.scaling(rank: 16, alpha: 8) == 2)
    let plain = try Self.configuration("")
    #expect(!plain.isRankStabilized && !plain.storesInputsFirst && plain.scaling(rank: 16, alpha: 8) == 0.5)
  }

  @Test func theFirstPatternOfTheFileDecides() throws {
    let first = try Self.configuration(
      #""rank_pattern":{"q_proj":2,".*proj":4},"alpha_pattern":{".*proj":3,"q_proj":5.5}"#)
    #expect(first.rank(of: "layers.0.q_proj") == 2 && first.rank(of: "layers.0.k_proj") == 4)
    #expect(first.rank(of: "layers.0.mlp") == 8)
    #expect(first.alpha(of: "layers.0.q_proj") == 3 && first.alpha(of: "layers.0.mlp") == 16)
    let other = try Self.configuration(#""rank_pattern":{".*proj":4,"q_proj":2}"#)
    #expect(other.rank(of: "layers.0.q_proj") == 4)
  }

  @Test(arguments: [
    #""use_dora":true"#, #""lora_bias":true"#, #""layer_replication":[[0,4],[2,5]]"#, #""use_qalora":true"#,
    #""megatron_config":{"a":1}"#, #""alora_invocation_tokens":[1]"#, #""target_parameters":["x"]"#,
    #""trainable_token_indices":[7]"#, #""init_lora_weights":"pissa_niter_4""#, #""init_lora_weights":"olora""#,
    #""init_lora_weights":"corda""#, #""init_lora_weights":"loftq""#, #""init_lora_weights":"lora_ga""#,
  ])
  func whatChangesTheNumbersIsRefusedByName(field: String) {
    let error = #expect(throws: FusionError.self) { try Self.configuration(field) }
    #expect(error?.code == FusionError.Code("adapter.unsupported"))
    #expect(error?.place == String(field.dropFirst().prefix { $0 != "\"" }))
    #expect(error?.file == "adapter_config.json" && error?.remedy != nil)
  }

  @Test func otherKindsOfAdaptersAreRefused() {
    let error = #expect(throws: FusionError.self) {
      try AdapterConfiguration(json: Array(#"{"peft_type":"LOHA","r":8,"lora_alpha":1}"#.utf8), file: "f")
    }
    #expect(error?.code == FusionError.Code("adapter.unsupported") && error?.found == "LOHA")
  }

  @Test(arguments: [
    #""use_dora":false,"layer_replication":null,"megatron_config":{},"megatron_core":"megatron.core""#,
    #""init_lora_weights":true"#, #""init_lora_weights":"gaussian""#,
    #""init_lora_weights":"eva","eva_config":{"rho":2}"#,
    #""lora_dropout":0.1,"revision":null"#, #""target_modules":".*_proj""#,
    #""loftq_config":{},"corda_config":null,"qalora_group_size":16,"trainable_token_indices":null"#,
  ])
  func whatDoesNotMatterIsPassedOver(fields: String) throws {
    #expect(try Self.configuration(fields) == Self.configuration(""))
  }

  @Test(arguments: [
    (#"{"peft_type":"LORA","r":0,"lora_alpha":16}"#, "config.outOfRange", "r"),
    (#"{"peft_type":"LORA","r":-1,"lora_alpha":16}"#, "config.outOfRange", "r"),
    (#"{"peft_type":"LORA","r":8.5,"lora_alpha":16}"#, "config.wrongType", "r"),
    (#"{"peft_type":"LORA","r":9999999999,"lora_alpha":16}"#, "config.outOfRange", "r"),
    (#"{"peft_type":"LORA","lora_alpha":16}"#, "config.missingField", "r"),
    (#"{"peft_type":"LORA","r":8}"#, "config.missingField", "lora_alpha"),
    (#"{"r":8,"lora_alpha":16}"#, "config.missingField", "peft_type"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":"NaN"}"#, "config.wrongType", "lora_alpha"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1e300}"#, "config.outOfRange", "lora_alpha"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1,"rank_pattern":{"q":0}}"#, "config.outOfRange", "rank_pattern.q"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1,"alpha_pattern":{"q":true}}"#, "config.wrongType", "alpha_pattern.q"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1,"bias":"some"}"#, "config.outOfRange", "bias"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1,"use_dora":"yes"}"#, "adapter.unsupported", "use_dora"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1,"modules_to_save":[1]}"#, "config.wrongType", "modules_to_save"),
  ])
  func damageIsRefused(text: String, code: String, place: String) {
    let error = #expect(throws: FusionError.self) {
      try AdapterConfiguration(json: Array(text.utf8), file: "adapter_config.json")
    }
    #expect(error?.code == FusionError.Code(code) && error?.place == place)
  }

  @Test(arguments: [
    (#"{"peft_type":"LORA","r":8,"lora_alpha":NaN}"#, "config.outOfRange"),
    (#"{"peft_type":"LORA","r":8,"r":4}"#, "config.duplicate"),
    ("[]", "json."), ("", "json."),
    (#"{"rank_pattern":{"q":1,"q":2},"peft_type":"LORA","r":8,"lora_alpha":1}"#, "config.duplicate"),
    (#"{"peft_type":"LORA","r":8,"lora_alpha":1e999}"#, "config.outOfRange"),
  ])
  func whatIsNotOneDocumentIsRefused(text: String, code: String) {
    let error = #expect(throws: FusionError.self) {
      try AdapterConfiguration(json: Array(text.utf8), file: "adapter_config.json")
    }
    #expect(error?.code.rawValue.hasPrefix(code) == true && error?.file == "adapter_config.json")
  }
}
