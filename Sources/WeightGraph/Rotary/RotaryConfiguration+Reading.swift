import Foundation
import FusionCore

extension RotaryConfiguration {
  /// Reads everything about rotation.
  ///
  /// - Parameters:
  ///   - fields: the decoder's configuration.
  ///   - headDimension: values in a head.
  ///   - maximumLength: `max_position_embeddings`.
  ///   - notices: gets what a person should know.
  /// - Throws: errors of the configuration, for what is missing, contradictory or not known.
  init(
    _ fields: ConfigurationFields, family: ModelFamily, headDimension: Int, maximumLength: Int, notices: inout [String]
  ) throws {
    let rotary = try RotaryFields(fields, family: family)
    let merged = rotary.merged
    if let stated = try merged.optionalPositiveNumber("rope_theta", upTo: 1e12) {
      theta = stated
    } else {
      theta = 10_000
      notices.append("the configuration states no rope_theta; 10000 is assumed, the default of its family")
    }
    let part = try merged.optionalPositiveNumber("partial_rotary_factor", upTo: 1) ?? 1
    rotatedCount = Int(Double(headDimension) * part)
    guard rotatedCount >= 2, rotatedCount % 2 == 0 else {
      throw merged.inconsistent(
        at: merged.place("partial_rotary_factor"), expected: "an even part of the \(headDimension) values of a head",
        found: "\(rotatedCount)")
    }
    let kind = try rotary.hasScaling ? merged.string("rope_type", "the kind of rotation") : "default"
    guard let reader = Self.kinds[kind] else {
      throw merged.unsupported(
        "rope_type", "one of " + Self.kinds.keys.sorted().joined(separator: ", "), String(kind.prefix(80)))
    }
    scaling = try reader.read(
      Source(
        fields: merged, frequencyCount: rotatedCount / 2, maximumLength: maximumLength,
        // The default of Phi-3's published code; LLaMA has none.
        originalLength: try merged.optionalInteger(
          "original_max_position_embeddings", in: LanguageConfiguration.lengths, LanguageConfiguration.lengthReason)
          ?? (family.hasFusedRows ? 4_096 : nil)))
    notices += try rotary.checkNames(kind: kind, used: reader.names)
  }

  /// What the kinds of scaling are read from.
  fileprivate struct Source {
    let fields: ConfigurationFields
    let frequencyCount: Int
    let maximumLength: Int
    let originalLength: Int?

    func factor() throws -> Double { try fields.number("factor", in: 1...1e6) }
  }

  /// Names of the fields of a kind of scaling, and how they are read.
  fileprivate struct Kind: Sendable {
    let names: Set<String>
    let read: @Sendable (Source) throws -> RotaryScaling
  }

  private static let kinds: [String: Kind] = [
    "default": Kind(names: []) { _ in .none },
    "linear": Kind(names: ["factor"]) { .linear(factor: try $0.factor()) },
    "dynamic": Kind(names: ["factor"]) { .dynamic(factor: try $0.factor(), length: $0.maximumLength) },
    "llama3": Kind(names: ["factor", "low_freq_factor", "high_freq_factor"]) { .llama3(try Llama3Scaling($0)) },
    "longrope": Kind(names: ["factor", "short_factor", "long_factor", "attention_factor"]) {
      .longRope(try LongRopeScaling($0))
    },
  ]
}

extension Llama3Scaling {
  fileprivate init(_ source: RotaryConfiguration.Source) throws {
    let fields = source.fields
    factor = try source.factor()
    lowFrequencyFactor = try fields.number("low_freq_factor", in: 1e-6...1e6)
    highFrequencyFactor = try fields.number("high_freq_factor", in: 1e-6...1e6)
    originalLength = try fields.number("original_max_position_embeddings", in: 1...1e9)
    guard highFrequencyFactor > lowFrequencyFactor else {
      throw fields.inconsistent(
        at: fields.place("high_freq_factor"), expected: "more than low_freq_factor \(lowFrequencyFactor)",
        found: "\(highFrequencyFactor)")
    }
  }
}

extension LongRopeScaling {
  fileprivate init(_ source: RotaryConfiguration.Source) throws {
    let fields = source.fields
    shortFactors = try fields.positiveNumbers("short_factor", count: source.frequencyCount, upTo: 1e6)
    longFactors = try fields.positiveNumbers("long_factor", count: source.frequencyCount, upTo: 1e6)
    var stretch = try fields.optionalNumber("factor", in: 1e-6...1e6) ?? 1
    if let original = source.originalLength {
      originalLength = original
      stretch = Double(source.maximumLength) / Double(original)
    } else {
      originalLength = source.maximumLength
    }
    if let stated = try fields.optionalNumber("attention_factor", in: 1e-6...1e6) {
      attentionFactor = stated
    } else if stretch <= 1 || originalLength <= 1 {
      attentionFactor = 1
    } else {
      attentionFactor = (1 + log(stretch) / log(Double(originalLength))).squareRoot()
    }
  }
}
