import Foundation
import FusionCore
import Testing
import WeightGraph

/// Everything about rotation is read in one place, in the forms of older and newer libraries, and what is not understood
/// is refused before anything is converted.
@Suite struct RotaryConfigurationTests {
  /// Kinds of scaling for heads of 16 values.
  private static let kinds = [
    #""rope_type":"default""#, #""rope_type":"linear","factor":2"#, #""rope_type":"dynamic","factor":2.0"#,
    #""rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4,"original_max_position_embeddings":64"#,
    longRope,
  ]
  private static let longRope =
    #""rope_type":"longrope","short_factor":\#(ones),"long_factor":\#(ones),"original_max_position_embeddings":64"#
  private static let ones = "[1,1,1,1,1,1,1,1.5]"

  /// A configuration without any field about rotation but these.
  private func read(_ type: String, _ more: String) throws -> ModelConfiguration {
    var config = Configs.tiny(type)
    config["rope_theta"] = nil
    config["max_position_embeddings"] = 512
    let text = String(decoding: try JSONSerialization.data(withJSONObject: config), as: UTF8.self)
    return try ModelConfiguration(
      json: Array("{\(more)\(more.isEmpty ? "" : ",")\(text.dropFirst())".utf8), file: "config.json")
  }

  @Test(arguments: ["phi3", "fusion_phi", "llama", "fusion_llama"], kinds)
  func bothFormsSayTheSame(type: String, kind: String) throws {
    let old = try read(type, #""rope_theta":500000.0,"rope_scaling":{\#(kind)}"#)
    let new = try read(type, #""rope_parameters":{"rope_theta":500000,\#(kind)}"#)
    let both = try read(
      type, #""rope_parameters":{"rope_theta":500000,\#(kind)},"rope_theta":500000,"rope_scaling":{\#(kind)}"#)
    #expect(old.language.rotary.theta == 500_000)
    #expect(new == old && both == old)
    #expect(old.notices.isEmpty, "\(old.notices)")
  }

  @Test func thePartThatIsRotatedMayStandInEitherForm() throws {
    let old = try read("phi3", #""rope_theta":10000,"partial_rotary_factor":0.75"#)
    #expect(old.language.rotary.rotatedCount == 12)
    #expect(try read("phi3", #""rope_parameters":{"rope_theta":10000,"partial_rotary_factor":0.75}"#) == old)
  }

  @Test(arguments: ["su", "yarn", "longrope"]) func phiHasSeveralNamesForOneScaling(name: String) throws {
    let scaling = Self.longRope.replacing(#""rope_type":"longrope""#, with: #""type":"\#(name)""#)
    let read = try read("phi3", #""rope_theta":10000,"rope_scaling":{\#(scaling)}"#)
    guard case .longRope(let found) = read.language.rotary.scaling else { throw Checkpoint.MissingError() }
    #expect(found.originalLength == 64 && found.shortFactors.last == 1.5)
  }

  @Test func aConfigurationWithoutABaseIsNoticed() throws {
    for more in ["", #""rope_parameters":{"rope_type":"default"}"#, #""rope_theta":null"#] {
      let read = try read("llama", more)
      #expect(read.language.rotary.theta == 10_000 && read.notices.count == 1)
      #expect(read.notices.first?.contains("no rope_theta") == true)
    }
  }

  @Test func whatAKindDoesNotUseIsNoticed() throws {
    let read = try read("llama", #""rope_theta":1e4,"rope_scaling":{"type":"linear","factor":2,"low_freq_factor":1}"#)
    #expect(read.notices == ["rope_scaling.low_freq_factor has no effect with the rotation \"linear\""])
  }

  struct Refused: Sendable {
    let json: String
    let place: String
    let found: String
    var type = "llama"
  }

  @Test(arguments: [
    // Two places that say different things.
    Refused(json: #""rope_theta":5e5,"rope_parameters":{"rope_theta":1e4}"#, place: "rope_theta", found: "500000"),
    Refused(
      json: #""rope_scaling":{"type":"linear","factor":2},"rope_parameters":{"rope_type":"linear","factor":4}"#,
      place: "rope_scaling.factor", found: "2"),
    Refused(
      json: #""rope_scaling":{"type":"linear","rope_type":"dynamic","factor":2}"#, place: "rope_scaling.type",
      found: "the text \"linear\""),
    Refused(
      json: #""original_max_position_embeddings":32,"rope_scaling":{\#(longRope)}"#,
      place: "original_max_position_embeddings", found: "32", type: "phi3"),
    // What is not known.
    Refused(json: #""rope_scaling":{"type":"yarn","factor":4}"#, place: "rope_scaling.type", found: "yarn"),
    Refused(json: #""rope_parameters":{"rope_type":"mrope"}"#, place: "rope_parameters.rope_type", found: "mrope"),
    Refused(
      json: #""rope_parameters":{"rope_theta":1e4,"mrope_section":[1,1,2]}"#, place: "rope_parameters.mrope_section",
      found: "this field"),
    Refused(
      json: #""rope_parameters":{"full_attention":{"rope_theta":1e4}}"#, place: "rope_parameters.full_attention",
      found: "this field"),
    Refused(
      json: #""rope_scaling":{"type":"linear","factor":2,"finetuned":true}"#, place: "rope_scaling.finetuned",
      found: "this field"),
    // What is missing or wrong.
    Refused(json: #""rope_scaling":{"factor":4}"#, place: "rope_scaling.rope_type", found: "no such field"),
    Refused(json: #""rope_scaling":{"type":"linear"}"#, place: "rope_scaling.factor", found: "no such field"),
    Refused(
      json: #""rope_scaling":{"type":"linear","factor":"2"}"#, place: "rope_scaling.factor", found: "the text \"2\""),
    Refused(json: #""rope_scaling":{"type":"linear","factor":0}"#, place: "rope_scaling.factor", found: "0.0"),
    Refused(json: #""rope_scaling":{"type":"dynamic","factor":NaN}"#, place: "rope_scaling.factor", found: "nan"),
    Refused(
      json: #""rope_scaling":{"type":"longrope","short_factor":[1,1],"long_factor":\#(ones)}"#,
      place: "rope_scaling.short_factor", found: "a list of 2 values", type: "phi3"),
    Refused(
      json: #""rope_scaling":{"type":"longrope","short_factor":\#(ones),"long_factor":[1,1,1,1,1,1,1,0]}"#,
      place: "rope_scaling.long_factor", found: "0.0", type: "phi3"),
    Refused(
      json: #""rope_scaling":{"type":"longrope","short_factor":\#(ones)}"#, place: "rope_scaling.long_factor",
      found: "no such field", type: "phi3"),
    Refused(
      json: #""rope_scaling":{"type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"#
        + #""original_max_position_embeddings":64}"#, place: "rope_scaling.high_freq_factor", found: "4.0"),
    Refused(json: #""partial_rotary_factor":0.2"#, place: "partial_rotary_factor", found: "3"),
    Refused(json: #""rope_parameters":[]"#, place: "rope_parameters", found: "a list of 0 values"),
  ])
  func isRefused(_ refused: Refused) {
    let error = #expect(throws: FusionError.self) { try read(refused.type, refused.json) }
    #expect(error?.place == refused.place && error?.found == refused.found, "\(String(describing: error))")
    #expect(error?.file == "config.json")
  }
}
