import AccuracyReports
import ConversionPipeline
import Foundation
import TestSupport

/// Short forms of what comparison tests do.
enum Comparison {
  /// A comparison of few samples, without answers unless asked for.
  static func report(
    _ reference: String, _ candidate: String, threads: Int = 2,
    _ change: (inout ComparisonOptions) -> Void = { _ in }
  ) throws -> DiffReport {
    var options = ComparisonOptions()
    options.imageSampleLimit = 1
    options.textSampleLimit = 1
    options.asksQuestions = false
    change(&options)
    return try ModelComparer(
      reference: reference, candidate: candidate, options: options,
      execution: try Pipeline.execution(threads: threads), programVersion: "test"
    ).compare()
  }

  /// Multiplies the bfloat16 values of a tensor by 1 plus uniform noise.
  static func disturb(_ tensor: inout RawSafetensors.Tensor?, by share: Float) {
    guard var changed = tensor else { return }
    var generator = SplitMix64(seed: 3)
    for index in stride(from: 0, to: changed.bytes.count, by: 2) {
      let bits = UInt32(changed.bytes[index]) | UInt32(changed.bytes[index + 1]) << 8
      let value = Float(bitPattern: bits << 16) * (1 + Float.random(in: -share...share, using: &generator))
      let pattern = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
      changed.bytes[index] = UInt8(truncatingIfNeeded: pattern)
      changed.bytes[index + 1] = UInt8(truncatingIfNeeded: pattern >> 8)
    }
    tensor = changed
  }
}
