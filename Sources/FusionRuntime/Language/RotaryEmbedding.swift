import Foundation
import FusionCore
import WeightGraph

/// Rotary position embedding with the frequency scalings of LLaMA-3.1 and Phi-3.
///
/// Frequencies and angles are float32 as in the published implementations; sines and cosines are exact for the
/// float32 angle.
public struct RotaryEmbedding: Sendable {
  /// Values in a head.
  public let headDimension: Int
  /// What cosines and sines are multiplied with.
  public let attentionFactor: Float

  private let frequencies: [Float]
  /// Frequencies for sequences longer than `longFrom` positions, if they are others.
  private let longFrequencies: [Float]?
  private let longFrom: Int

  /// Reads `rope_theta` and `rope_scaling`.
  ///
  /// - Parameter file: what to name in errors.
  /// - Throws: `.unsupportedRotaryScaling`.
  public init(_ language: LanguageConfiguration, file: String) throws {
    guard language.partialRotaryFactor == 1 else {
      throw FusionError(
        .unsupportedRotaryScaling, "the runtime rotates whole heads only", file: file, place: "partial_rotary_factor",
        expected: "1", found: "\(language.partialRotaryFactor)",
        remedy: "use a model of the Phi-3.5 or LLaMA-3 kind; other Phi models can be converted, not run")
    }
    let scaling = try RotaryScaling(language, file: file)
    let base = Self.frequencies(language, divisors: nil)
    switch scaling {
    case .none:
      self.init(language.headDimension, base)
    case .linear(let factor):
      self.init(language.headDimension, base.map { $0 / factor })
    case .llama3(let parameters):
      self.init(language.headDimension, base.map(parameters.scaled))
    case .longRope(let parameters):
      self.init(
        language.headDimension, Self.frequencies(language, divisors: parameters.shortFactors),
        long: Self.frequencies(language, divisors: parameters.longFactors), from: parameters.originalLength,
        attentionFactor: parameters.attentionFactor)
    }
  }

  private init(
    _ headDimension: Int, _ frequencies: [Float], long: [Float]? = nil, from longFrom: Int = .max,
    attentionFactor: Float = 1
  ) {
    self.headDimension = headDimension
    self.frequencies = frequencies
    longFrequencies = long
    self.longFrom = longFrom
    self.attentionFactor = attentionFactor
  }

  /// 1 / (divisor * theta^(2 i / d)) in float32, the order of operations of the reference.
  private static func frequencies(_ language: LanguageConfiguration, divisors: [Float]?) -> [Float] {
    (0..<(language.headDimension / 2)).map { index in
      let exponent = Float(2 * index) / Float(language.headDimension)
      let power = Float(pow(language.ropeTheta, Double(exponent)))
      return 1 / ((divisors?[index] ?? 1) * power)
    }
  }

  /// Cosines and sines for consecutive positions.
  ///
  /// - Parameter positions: positions in the sequence. Long frequencies hold when the last of them lies beyond the
  ///   length that the model was first trained for; keys that were rotated before stay as they are, as in the
  ///   reference.
  /// - Returns: matrices of [positions, head dimension]; the second half of a row repeats the first.
  public func tables(positions: Range<Int>) -> (cosines: ActivationMatrix, sines: ActivationMatrix) {
    let cosines = ActivationMatrix(rows: positions.count, columns: headDimension)
    let sines = ActivationMatrix(rows: positions.count, columns: headDimension)
    let isLong = positions.upperBound > longFrom
    let used = isLong ? longFrequencies ?? frequencies : frequencies
    for (row, position) in positions.enumerated() {
      let cosineRow = cosines[row]
      let sineRow = sines[row]
      for (index, frequency) in used.enumerated() {
        let angle = Double(frequency * Float(position))
        let cosine = Float(cos(angle)) * attentionFactor
        let sine = Float(sin(angle)) * attentionFactor
        cosineRow[index] = cosine
        cosineRow[index + used.count] = cosine
        sineRow[index] = sine
        sineRow[index + used.count] = sine
      }
    }
    return (cosines, sines)
  }
}
