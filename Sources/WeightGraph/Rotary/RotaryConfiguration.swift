/// How queries and keys are rotated by their positions, as config.json says it, checked.
///
/// Formula of the angles: RoFormer (arXiv 2104.09864), pairs of values half a width apart.
public struct RotaryConfiguration: Sendable, Hashable {
  /// Base of the frequencies (`rope_theta`), above 0.
  public let theta: Double
  /// How many values of a head are rotated, the first ones (`partial_rotary_factor` of them); even, at least 2.
  public let rotatedCount: Int
  /// What is done to the frequencies.
  public let scaling: RotaryScaling
}

/// What becomes of the rotary frequencies, so that a model reads longer texts than it was first trained with.
public enum RotaryScaling: Sendable, Hashable {
  /// They stay.
  case none
  /// All are divided by a factor, at least 1.
  case linear(factor: Double)
  /// The base grows with the text once that is longer than `length` tokens: "NTK-aware" scaling.
  case dynamic(factor: Double, length: Int)
  /// That of LLaMA-3.1.
  case llama3(Llama3Scaling)
  /// That of Phi-3.
  case longRope(LongRopeScaling)
}

/// The frequency scaling of LLaMA-3.1: short wavelengths stay, long ones are stretched, those between blend.
///
/// Formula: LLaMA 3 paper (arXiv 2407.21783) and its published configuration, `rope_type` llama3.
public struct Llama3Scaling: Sendable, Hashable {
  /// What the frequencies of long waves are divided by, at least 1.
  public let factor: Double
  /// Waves that turn fewer times than this in the original length are stretched.
  public let lowFrequencyFactor: Double
  /// Waves that turn more often than this stay; above ``lowFrequencyFactor``.
  public let highFrequencyFactor: Double
  /// Tokens of the texts that the model was first trained with.
  public let originalLength: Double
}

/// The frequency scaling of Phi-3: a divisor for each frequency, others for long texts than for short ones.
///
/// Formula: LongRoPE (arXiv 2402.13753) as in Phi-3's published implementation.
public struct LongRopeScaling: Sendable, Hashable {
  /// A divisor for each frequency, for texts up to ``originalLength`` tokens.
  public let shortFactors: [Double]
  /// A divisor for each frequency, for longer texts.
  public let longFactors: [Double]
  /// Tokens of the texts that the model was first trained with.
  public let originalLength: Int
  /// What cosines and sines are multiplied with.
  public let attentionFactor: Double
}
