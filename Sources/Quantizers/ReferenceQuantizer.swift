import FusionCore
import NumericKernels

/// The quantizers' definition in the plainest form: one group, one value at a time, formulas as in
/// `formats/quantization.md`. The fast kernels must give the same bits; tests compare them.
public enum ReferenceQuantizer {
  /// A group's codes with their scale and zero point.
  public struct Group: Equatable, Sendable {
    /// Scale, as stored.
    public var scale: Float
    /// Zero point; 0 for symmetric codes.
    public var zeroPoint: Float
    /// One code a value.
    public var codes: [Int8]

    /// w = s (q - z).
    public var decoded: [Float] { codes.map { scale * (Float($0) - zeroPoint) } }
  }

  /// Quantizes one group of finite values.
  ///
  /// - Parameters:
  ///   - values: the group, not empty.
  ///   - search: candidates and code range.
  ///   - asymmetric: w = s (q - z) instead of w = s q.
  ///   - weights: what the squared error of each value counts, 0 to 1e8; empty for equal weights.
  public static func quantize(
    _ values: [Float], search: ScaleSearch, asymmetric: Bool, weights: [Float] = []
  ) -> Group {
    precondition(weights.isEmpty || weights.count == values.count, "\(weights.count) weights of \(values.count)")
    let top = Float(search.codes.upperBound)
    let low = asymmetric ? values.reduce(0, min) : 0
    let high = asymmetric ? values.reduce(0, max) : values.reduce(0) { max($0, abs($1)) }
    let range = high - low
    guard range > 0 else {
      return Group(scale: 1, zeroPoint: 0, codes: values.map { _ in 0 })
    }
    let whole = max(range / top, Float.leastNormalMagnitude)
    var best: (scale: Float, zeroPoint: Float, error: Float) = (0, 0, .infinity)
    func consider(_ scale: Float, _ zeroPoint: Float) {
      let relative = scale / whole
      let error = squaredError(values, weights, scale, zeroPoint, search.codes) * (relative * relative)
      if error < best.error { best = (scale, zeroPoint, error) }
    }
    func centralZeroPoint(_ scale: Float) -> Float {
      let excess = range / scale - top
      return min(max(-low / scale - excess * 0.5, 0), top).rounded(.toNearestOrEven)
    }
    for k in 0..<search.candidateCount {
      let scale = storable(whole * (search.firstFactor + Float(k) * search.factorStep), search.scaleMantissaBits)
      if asymmetric {
        let centre = centralZeroPoint(scale)
        consider(scale, centre)
        consider(scale, max(centre - 1, 0))
        consider(scale, min(centre + 1, top))
      } else {
        consider(scale, 0)
      }
    }
    func refine(_ bits: Int) {
      var (numerator, denominator): (Float, Float) = (0, 0)
      for (index, value) in values.enumerated() {
        let step = steps(value, 1 / best.scale, best.zeroPoint, search.codes)
        let weighted = weights.isEmpty ? step : step * weights[index]
        numerator += value * weighted
        denominator += step * weighted
      }
      let defined = numerator > 0 && denominator > 0
      consider(storable(defined ? numerator / denominator : best.scale, bits), best.zeroPoint)
    }
    for _ in 0..<search.refinementCount { refine(search.scaleMantissaBits) }
    if search.fineMantissaBits > search.scaleMantissaBits {
      best.error *= ScaleSearch.fineShare
      let scale = storable(whole, search.fineMantissaBits)
      consider(scale, asymmetric ? centralZeroPoint(scale) : 0)
      refine(search.fineMantissaBits)
    }
    let codes = values.map { Int8(steps($0, 1 / best.scale, best.zeroPoint, search.codes) + best.zeroPoint) }
    return Group(scale: best.scale, zeroPoint: best.zeroPoint, codes: codes)
  }

  /// q - z for the nearest code q: round(w / s), clamped to the codes' range.
  private static func steps(_ value: Float, _ inverse: Float, _ zeroPoint: Float, _ codes: ClosedRange<Int>) -> Float {
    min(max(value * inverse, Float(codes.lowerBound) - zeroPoint), Float(codes.upperBound) - zeroPoint)
      .rounded(.toNearestOrEven)
  }

  /// Sum of squared differences in units of the scale's square.
  private static func squaredError(
    _ values: [Float], _ weights: [Float], _ scale: Float, _ zeroPoint: Float, _ codes: ClosedRange<Int>
  ) -> Float {
    let inverse = 1 / scale
    var error: Float = 0
    for (index, value) in values.enumerated() {
      let difference = value * inverse - steps(value, inverse, zeroPoint, codes)
      error += weights.isEmpty ? difference * difference : difference * difference * weights[index]
    }
    return error
  }

  /// Normal, not too large for its reciprocal, and rounded to the bits of mantissa that are kept.
  private static func storable(_ scale: Float, _ mantissaBits: Int) -> Float {
    let bounded = min(max(scale, Float.leastNormalMagnitude), 1e38)
    // Dividing by the last place that is kept is exact, and so is multiplying with it.
    let place = Float(sign: .plus, exponent: bounded.exponent - Float.Exponent(mantissaBits), significand: 1)
    return (bounded / place).rounded(.toNearestOrEven) * place
  }
}
