import Foundation
import FusionCore
import WeightGraph

/// What `rope_scaling` of config.json asks for.
enum RotaryScaling {
  case none
  /// All frequencies divided by a factor.
  case linear(Float)
  case llama3(Llama3Scaling)
  case longRope(LongRopeScaling)

  init(_ language: LanguageConfiguration, file: String) throws {
    guard case .object(let fields)? = language.ropeScaling else {
      self = .none
      return
    }
    let reader = RotaryFields(fields: fields, file: file)
    switch fields["rope_type"] ?? fields["type"] {
    case .string("default"): self = .none
    case .string("linear"): self = .linear(Float(try reader.number("factor", 1...1e6)))
    case .string("llama3"): self = .llama3(try Llama3Scaling(reader))
    // "su" is the name that the first Phi-3 configurations used.
    case .string("longrope"), .string("su"): self = .longRope(try LongRopeScaling(reader, language))
    case let other:
      throw reader.unsupported("type", "one of default, linear, llama3, longrope", RotaryFields.text(other))
    }
  }
}

extension FusionError.Code {
  /// A kind or a parameter of rotary scaling that the runtime does not compute.
  public static let unsupportedRotaryScaling = Self("runtime.unsupportedRotaryScaling")
}
