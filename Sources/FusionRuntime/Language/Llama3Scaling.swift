import Foundation
import FusionCore

/// The frequency scaling of LLaMA-3.1: short wavelengths stay, long ones are stretched, those between blend.
///
/// Formula: LLaMA 3 paper (arXiv 2407.21783) and its published configuration, `rope_type` llama3.
struct Llama3Scaling: Sendable {
  private let factor: Float
  private let lowFrequencyFactor: Float
  private let highFrequencyFactor: Float
  private let originalLength: Float

  init(_ fields: RotaryFields) throws {
    factor = Float(try fields.number("factor", 1...1e6))
    lowFrequencyFactor = Float(try fields.number("low_freq_factor", 1e-6...1e6))
    highFrequencyFactor = Float(try fields.number("high_freq_factor", 1e-6...1e6))
    originalLength = Float(try fields.number("original_max_position_embeddings", 1...1e9))
    guard highFrequencyFactor > lowFrequencyFactor else {
      throw fields.unsupported(
        "high_freq_factor", "more than low_freq_factor \(lowFrequencyFactor)", "\(highFrequencyFactor)")
    }
  }

  func scaled(_ frequency: Float) -> Float {
    let wavelength = 2 * Float.pi / frequency
    if wavelength < originalLength / highFrequencyFactor { return frequency }
    if wavelength > originalLength / lowFrequencyFactor { return frequency / factor }
    let blend =
      (originalLength / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
    return (1 - blend) * frequency / factor + blend * frequency
  }
}
