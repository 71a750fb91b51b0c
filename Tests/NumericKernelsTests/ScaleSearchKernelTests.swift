import NumericKernels
import TestSupport
import Testing

/// The kernels leave out what cannot be better than what they have; here everything is tried, one number at a time, in
/// the same order and with the same rounding.
@Suite struct ScaleSearchKernelTests {
  /// One group, and the numbers that its errors are judged by.
  private struct Group {
    let values: [Float]
    let search: ScaleSearch
    let isAsymmetric: Bool
    let low: Float
    let high: Float
    let whole: Float

    init(_ values: [Float], _ search: ScaleSearch, isAsymmetric: Bool) {
      self.values = values
      self.search = search
      self.isAsymmetric = isAsymmetric
      low = min(0, values.min() ?? 0)
      high = max(0, values.max() ?? 0)
      let top = Float(search.codes.upperBound)
      let covering =
        search.spacing == .grid ? max(low / -127, high / 122) : (isAsymmetric ? high - low : max(-low, high)) / top
      whole = max(covering, .leastNormalMagnitude)
    }

    /// What the nearest code stands for; the first one of a grid that is as near as any.
    func code(_ t: Float, _ zero: Float) -> Float {
      if search.spacing == .grid {
        let entries = WeightGrid.entries.map(Float.init)
        return entries.min { abs(t - $0) < abs(t - $1) } ?? 0
      }
      return min(max(t, Float(search.codes.lowerBound) - zero), Float(search.codes.upperBound) - zero)
        .rounded(.toNearestOrEven)
    }

    func error(_ scale: Float, _ zero: Float) -> Float {
      let inverse = 1 / scale
      var sum: Float = 0
      for value in values {
        let t = value * inverse
        let d = t - code(t, zero)
        sum += d * d
      }
      let relative = scale / whole
      return sum * (relative * relative)
    }

    func storable(_ scale: Float, bits: Int) -> Float {
      let bounded = min(max(scale, .leastNormalMagnitude), 1e38)
      guard bits < 23 else { return bounded }
      let dropped = UInt32(23 - bits)
      let unit = UInt32(1) << dropped
      let pattern = bounded.bitPattern
      return Float(bitPattern: (pattern + (unit / 2 - 1) + (pattern >> dropped & 1)) & ~(unit - 1))
    }

    func centre(_ scale: Float) -> Float {
      let top = Float(search.codes.upperBound)
      let excess = (high - low) / scale - top
      return min(max(-low / scale - excess * 0.5, 0), top).rounded(.toNearestOrEven)
    }

    func refined(_ scale: Float, _ zero: Float, bits: Int) -> Float {
      let inverse = 1 / scale
      var (numerator, denominator) = (Float(0), Float(0))
      for value in values {
        let code = code(value * inverse, zero)
        numerator += value * code
        denominator += code * code
      }
      return storable(numerator > 0 && denominator > 0 ? numerator / denominator : scale, bits: bits)
    }

    func best() -> (scale: Float, zero: Float) {
      guard low < high else { return (1, 0) }
      var best = (scale: Float(0), zero: Float(0), error: Float.infinity)
      func attempt(_ scale: Float, _ zero: Float) {
        let error = error(scale, zero)
        if error < best.error { best = (scale, zero, error) }
      }
      for index in 0..<search.candidateCount {
        let scale = storable(
          whole * (search.firstFactor + Float(index) * search.factorStep), bits: search.scaleMantissaBits)
        guard isAsymmetric else {
          attempt(scale, 0)
          continue
        }
        let middle = centre(scale)
        for zero in [middle, max(middle - 1, 0), min(middle + 1, Float(search.codes.upperBound))] {
          attempt(scale, zero)
        }
      }
      for _ in 0..<search.refinementCount {
        attempt(refined(best.scale, best.zero, bits: search.scaleMantissaBits), best.zero)
      }
      if search.fineMantissaBits > search.scaleMantissaBits {
        let scale = storable(whole, bits: search.fineMantissaBits)
        best.error *= ScaleSearch.fineShare
        attempt(scale, isAsymmetric ? centre(scale) : 0)
        attempt(refined(best.scale, best.zero, bits: search.fineMantissaBits), best.zero)
      }
      return (best.scale, best.zero)
    }
  }

  private static let asymmetric = ScaleSearch(
    codes: 0...15, firstFactor: 1.03515625, factorStep: -0.03515625, candidateCount: 14, refinementCount: 2,
    scaleMantissaBits: 4, fineMantissaBits: 7)
  private static let symmetric = ScaleSearch(
    codes: -8...7, firstFactor: 1.0625, factorStep: -0.03125, candidateCount: 18, refinementCount: 2,
    scaleMantissaBits: 4, fineMantissaBits: 7)
  private static let bytes = ScaleSearch(
    codes: -127...127, firstFactor: 1, factorStep: -0.05, candidateCount: 11, refinementCount: 1,
    scaleMantissaBits: 23, fineMantissaBits: 23)
  /// Factors that grow, where no scale is smaller than all to come.
  private static let growing = ScaleSearch(
    codes: 0...15, firstFactor: 0.6, factorStep: 0.05, candidateCount: 9, refinementCount: 1, scaleMantissaBits: 7,
    fineMantissaBits: 7)

  private static let grid = ScaleSearch(
    codes: 0...15, spacing: .grid, firstFactor: 1.0625, factorStep: -0.03125, candidateCount: 18, refinementCount: 2,
    scaleMantissaBits: 4, fineMantissaBits: 7)
  private static let wholeRows = ScaleSearch(
    codes: 0...15, spacing: .grid, firstFactor: 1, factorStep: -0.05, candidateCount: 9, refinementCount: 3,
    scaleMantissaBits: 23, fineMantissaBits: 23)

  private static let searches: [(search: ScaleSearch, isAsymmetric: Bool)] = [
    (asymmetric, true), (symmetric, false), (bytes, false), (growing, true), (grid, false),
    (wholeRows, false),
  ]

  /// Bell curves, heavy tails, values of one sign, single outliers, few values and zeros, in many sizes.
  private func values(_ shape: Int, count: Int, using generator: inout SplitMix64) -> [Float] {
    let size = Float(sign: .plus, exponent: .random(in: -100...20, using: &generator), significand: 1)
    return (0..<count).map { _ in
      let bell = (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) }
      let isRare = Int.random(in: 0..<16, using: &generator) == 0
      switch shape % 6 {
      case 0: return bell * size
      case 1: return bell * bell * bell * size
      case 2: return abs(bell) * size
      case 3: return -abs(bell) * size
      case 4: return (isRare ? 30 : 1) * bell * size
      default: return isRare ? bell * size : 0
      }
    }
  }

  @Test(arguments: 0..<6, [1, 5, 16, 32, 64, 100])
  func findsWhatTryingEverythingFinds(kind: Int, count: Int) throws {
    let (search, isAsymmetric) = Self.searches[kind]
    var generator = SplitMix64(seed: UInt64(100 * kind + count))
    for _ in 0..<12 {
      let groups = (0..<16).map { values($0, count: count, using: &generator) }
      let expected = groups.map { Group($0, search, isAsymmetric: isAsymmetric).best() }
      for kernels in try Levels.all() {
        let tile = GroupTile(kernels: kernels)
        let run = groups.flatMap { $0 }
        run.withUnsafeBufferPointer { tile.load($0, groups: (0..<16).map { ($0 * count, count) }) }
        tile.search(search, asymmetric: isAsymmetric)
        #expect(tile.scales == expected.map(\.scale), "\(kernels.level)")
        #expect(tile.zeroPoints == expected.map(\.zero), "\(kernels.level)")
      }
    }
  }
}
