import Foundation
import FusionCore
import WeightGraph

/// The frequency scaling of Phi-3: a divisor for each frequency, others for long sequences than for short ones.
///
/// Formula: LongRoPE (arXiv 2402.13753) as in Phi-3's published implementation.
struct LongRopeScaling: Sendable {
  let shortFactors: [Float]
  let longFactors: [Float]
  /// Sequences up to this many positions use the short factors.
  let originalLength: Int
  let attentionFactor: Float

  init(_ fields: RotaryFields, _ language: LanguageConfiguration) throws {
    shortFactors = try fields.numbers("short_factor", count: language.headDimension / 2)
    longFactors = try fields.numbers("long_factor", count: language.headDimension / 2)
    var stretch = try fields.optionalNumber("factor", 1e-6...1e6) ?? 1
    if let original = language.originalMaxPositionEmbeddings {
      originalLength = original
      stretch = Double(language.maxPositionEmbeddings) / Double(original)
    } else {
      originalLength = language.maxPositionEmbeddings
    }
    if let stated = try fields.optionalNumber("attention_factor", 1e-6...1e6) {
      attentionFactor = Float(stated)
    } else if stretch <= 1 || originalLength <= 1 {
      attentionFactor = 1
    } else {
      attentionFactor = Float((1 + log(stretch) / log(Double(originalLength))).squareRoot())
    }
  }
}
