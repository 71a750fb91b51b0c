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
    /// What codes stand for.
    public var spacing = CodeSpacing.even

    /// w = s (q - z), or w = s g(q).
    public var decoded: [Float] {
      switch spacing {
      case .even: codes.map { scale * (Float($0) - zeroPoint) }
      case .grid: codes.map { scale * Float(WeightGrid.entries[Int($0)]) }
      }
    }
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
    precondition(!asymmetric || search.spacing == .even, "a grid has no zero points")
    let (low, high) = (values.reduce(0, min), values.reduce(0, max))
    let (least, top) = (Float(search.reach.lowerBound), Float(search.reach.upperBound))
    let range = high - low
    guard range > 0 else {
      return Group(scale: 1, zeroPoint: 0, codes: values.map { _ in code(0, 0, search) }, spacing: search.spacing)
    }
    let covering =
      switch search.spacing {
      case .even: asymmetric ? range / top : max(-low, high) / top
      case .grid: max(low / least, high / top)
      }
    let whole = max(covering, Float.leastNormalMagnitude)
    var best: (scale: Float, zeroPoint: Float, error: Float) = (0, 0, .infinity)
    func consider(_ scale: Float, _ zeroPoint: Float) {
      let relative = scale / whole
      let error = squaredError(values, weights, scale, zeroPoint, search) * (relative * relative)
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
        let step = steps(value, 1 / best.scale, best.zeroPoint, search)
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
    let codes = values.map { code($0 * (1 / best.scale), best.zeroPoint, search) }
    return Group(scale: best.scale, zeroPoint: best.zeroPoint, codes: codes, spacing: search.spacing)
  }

  /// The nearest code of t = w / s: round(t) + z, clamped to the codes' range, or how many of the middles between two
  /// entries of the grid are below t.
  private static func code(_ t: Float, _ zeroPoint: Float, _ search: ScaleSearch) -> Int8 {
    switch search.spacing {
    case .even:
      let (least, greatest) = (Float(search.codes.lowerBound), Float(search.codes.upperBound))
      return Int8(min(max(t, least - zeroPoint), greatest - zeroPoint).rounded(.toNearestOrEven) + zeroPoint)
    case .grid:
      let entries = WeightGrid.entries.map(Float.init)
      return Int8(zip(entries, entries.dropFirst()).count { t > ($0 + $1) / 2 })
    }
  }

  /// What the nearest code stands for, in steps.
  private static func steps(_ value: Float, _ inverse: Float, _ zeroPoint: Float, _ search: ScaleSearch) -> Float {
    let code = code(value * inverse, zeroPoint, search)
    return search.spacing == .even ? Float(code) - zeroPoint : Float(WeightGrid.entries[Int(code)])
  }

  /// Sum of squared differences in units of the scale's square.
  private static func squaredError(
    _ values: [Float], _ weights: [Float], _ scale: Float, _ zeroPoint: Float, _ search: ScaleSearch
  ) -> Float {
    let inverse = 1 / scale
    var error: Float = 0
    for (index, value) in values.enumerated() {
      let difference = value * inverse - steps(value, inverse, zeroPoint, search)
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
