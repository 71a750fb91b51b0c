internal import CNumericKernels

/// How the scale of a group is searched; the candidates are a grid of factors on the scale that just covers the group.
public struct ScaleSearch: Sendable, Hashable {
  /// Least and greatest code.
  public var codes: ClosedRange<Int>
  /// What codes stand for.
  public var spacing: CodeSpacing
  /// Factor of the first candidate.
  public var firstFactor: Float
  /// Added to the factor from one candidate to the next.
  public var factorStep: Float
  /// Candidates; at least 1.
  public var candidateCount: Int
  /// Rounds of least-squares refinement of the best candidate.
  public var refinementCount: Int
  /// Bits of a scale's mantissa behind the leading one, 1 to 23: scales are judged after that rounding. 7 are what
  /// bfloat16 has, 23 all of float32; the fewer, the fewer bits a scale takes where scales are entropy coded.
  public var scaleMantissaBits: Int
  /// Where this is more, the scale that covers the group and the refined one are tried with so many bits at the end, and
  /// taken where the squared error becomes less than ``fineShare`` of what it was.
  public var fineMantissaBits: Int

  /// A bit of a weight is worth a factor of four in its squared error, so the three bits that a finer scale of 32 weights
  /// takes are worth one of 7/8.
  public static let fineShare: Float = 0.875

  /// Collects the fields.
  public init(
    codes: ClosedRange<Int>, spacing: CodeSpacing = .even, firstFactor: Float, factorStep: Float, candidateCount: Int,
    refinementCount: Int,
    scaleMantissaBits: Int, fineMantissaBits: Int
  ) {
    precondition(candidateCount > 0 && refinementCount >= 0, "a search needs a candidate")
    precondition(
      scaleMantissaBits >= 1 && scaleMantissaBits <= fineMantissaBits && fineMantissaBits <= 23,
      "\(scaleMantissaBits), \(fineMantissaBits) bits of mantissa")
    precondition(spacing == .even || codes == 0...(WeightGrid.entries.count - 1), "indices \(codes) into the grid")
    self.codes = codes
    self.spacing = spacing
    self.firstFactor = firstFactor
    self.factorStep = factorStep
    self.candidateCount = candidateCount
    self.refinementCount = refinementCount
    self.scaleMantissaBits = scaleMantissaBits
    self.fineMantissaBits = fineMantissaBits
  }

  /// Least and greatest multiple of a scale that a code stands for; with a zero point, both less that.
  public var reach: ClosedRange<Int> {
    switch spacing {
    case .even: codes
    case .grid: WeightGrid.reach
    }
  }

  var parameters: fk_search {
    fk_search(
      code_min: Int32(codes.lowerBound), code_max: Int32(codes.upperBound), first_factor: firstFactor,
      factor_step: factorStep, candidate_count: Int32(candidateCount), refinement_count: Int32(refinementCount),
      scale_mantissa_bits: Int32(scaleMantissaBits),
      fine_mantissa_bits: Int32(fineMantissaBits), fine_share: Self.fineShare)
  }
}
