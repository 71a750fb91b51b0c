import Foundation
import FusionCore
import WeightGraph

/// Rotary position embedding with the scalings of frequencies that a configuration may ask for.
///
/// Frequencies and angles are float32 as in the published implementations; sines and cosines are exact for the
/// float32 angle.
public struct RotaryEmbedding: Sendable {
  /// How many values of a head are rotated, the first ones.
  public let rotatedCount: Int
  /// What cosines and sines are multiplied with.
  public let attentionFactor: Float

  /// Frequencies by the number of positions that there are.
  private let frequencies: @Sendable (Int) -> [Float]

  /// Makes the frequencies of a decoder.
  public init(_ language: LanguageConfiguration) {
    let rotary = language.rotary
    rotatedCount = rotary.rotatedCount
    let base = rotary.frequencies()
    var factor: Float = 1
    switch rotary.scaling {
    case .none: frequencies = { _ in base }
    case .linear(let divisor):
      let divided = base.map { $0 / Float(divisor) }
      frequencies = { _ in divided }
    case .dynamic(let divisor, let length):
      frequencies = { count in
        count > length ? rotary.frequencies(theta: rotary.theta(stretchedBy: divisor, count, length)) : base
      }
    case .llama3(let scaling):
      let scaled = base.map(scaling.scaled)
      frequencies = { _ in scaled }
    case .longRope(let scaling):
      let short = rotary.frequencies(divisors: scaling.shortFactors)
      let long = rotary.frequencies(divisors: scaling.longFactors)
      frequencies = { $0 > scaling.originalLength ? long : short }
      factor = Float(scaling.attentionFactor)
    }
    attentionFactor = factor
  }

  /// Cosines and sines for consecutive positions.
  ///
  /// - Parameter positions: positions in the sequence. Where frequencies depend on its length, that is up to the last of
  ///   them; keys that were rotated before stay as they are, as in the reference.
  /// - Returns: matrices of [positions, rotated values]; the second half of a row repeats the first.
  public func tables(positions: Range<Int>) -> (cosines: ActivationMatrix, sines: ActivationMatrix) {
    let cosines = ActivationMatrix(rows: positions.count, columns: rotatedCount)
    let sines = ActivationMatrix(rows: positions.count, columns: rotatedCount)
    let used = frequencies(positions.upperBound)
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

extension RotaryConfiguration {
  /// 1 / (divisor * theta^(2 i / d)) in float32, the order of operations of the reference.
  fileprivate func frequencies(theta stretched: Double? = nil, divisors: [Double]? = nil) -> [Float] {
    (0..<(rotatedCount / 2)).map { index in
      let exponent = Float(2 * index) / Float(rotatedCount)
      let power = Float(pow(stretched ?? theta, Double(exponent)))
      return 1 / (Float(divisors?[index] ?? 1) * power)
    }
  }

  /// The base for a text of `count` tokens, more than `length`: `theta (f count / length - (f - 1))^(d / (d - 2))`, as the
  /// transformers library computes the rotation "dynamic".
  fileprivate func theta(stretchedBy factor: Double, _ count: Int, _ length: Int) -> Double {
    let stretch = factor * Double(count) / Double(length) - (factor - 1)
    // With two values there is one frequency, 1 for any base.
    return rotatedCount == 2 ? theta : theta * pow(stretch, Double(rotatedCount) / Double(rotatedCount - 2))
  }
}

extension Llama3Scaling {
  fileprivate func scaled(_ frequency: Float) -> Float {
    let (factor, low, high) = (Float(factor), Float(lowFrequencyFactor), Float(highFrequencyFactor))
    let length = Float(originalLength)
    let wavelength = 2 * Float.pi / frequency
    if wavelength < length / high { return frequency }
    if wavelength > length / low { return frequency / factor }
    let blend = (length / wavelength - low) / (high - low)
    return (1 - blend) * frequency / factor + blend * frequency
  }
}
