import Foundation
import FusionCore
import TestSupport

/// Kinds of weights that quantizers meet, each a seeded sequence.
enum Distribution: String, CaseIterable, Sendable {
  case gaussian, laplacian, constant, zeros, oneOutlier, allPositive, allNegative, tiny, faint, mixed

  /// Values of this kind that the stored type holds exactly, so that widening gives them back.
  func values(_ count: Int, as type: DType, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    func normal() -> Float {
      let radius = (-2 * log(Double.random(in: 1e-12...1, using: &generator))).squareRoot()
      return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
    }
    let outlier = Int.random(in: 0..<max(count, 1), using: &generator)
    return (0..<count).map { index in
      let value: Float =
        switch self {
        case .gaussian: 0.02 * normal()
        case .laplacian:
          Float(log(Double.random(in: 1e-12...1, using: &generator))) * (Bool.random(using: &generator) ? 0.01 : -0.01)
        case .constant: -0.3125
        case .zeros: index % 3 == 0 ? -0.0 : 0
        case .oneOutlier: index == outlier ? 37 : 0.01 * normal()
        case .allPositive: 0.5 + abs(normal())
        case .allNegative: -0.5 - abs(normal())
        // Below the least normal number of the type.
        case .tiny: normal() * (type == .f16 ? 0x1p-20 : 0x1p-130)
        // Normal numbers whose squares underflow.
        case .faint: normal() * (type == .f16 ? 0x1p-12 : 0x1p-90)
        case .mixed:
          normal() * Float(sign: .plus, exponent: Int.random(in: -12...4, using: &generator), significand: 1)
        }
      return type.nearest(to: value)
    }
  }
}

extension DType {
  /// The nearest number that the type holds.
  func nearest(to value: Float) -> Float {
    switch self {
    case .bf16: Float(bitPattern: UInt32(Self.bfloat16Pattern(of: value)) << 16)
    case .f16: Float(Float16(value))
    default: value
    }
  }

  /// The little-endian bytes of numbers that the type holds.
  func bytes(of values: [Float]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(values.count * byteWidth)
    for value in values {
      let pattern: UInt32 =
        switch self {
        case .bf16: UInt32(Self.bfloat16Pattern(of: value))
        case .f16: UInt32(Float16(value).bitPattern)
        default: value.bitPattern
        }
      for index in 0..<byteWidth { result.append(UInt8(truncatingIfNeeded: pattern >> UInt32(8 * index))) }
    }
    return result
  }

  static func bfloat16Pattern(of value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
  }
}
