internal import CNumericKernels

/// How the scale of a group is searched; the candidates are a grid of factors on the scale that just covers the group.
public struct ScaleSearch: Sendable, Hashable {
  /// Least and greatest code.
  public var codes: ClosedRange<Int>
  /// Factor of the first candidate.
  public var firstFactor: Float
  /// Added to the factor from one candidate to the next.
  public var factorStep: Float
  /// Candidates; at least 1.
  public var candidateCount: Int
  /// Rounds of least-squares refinement of the best candidate.
  public var refinementCount: Int
  /// Whether scales are stored as bfloat16, and so judged after that rounding.
  public var roundsScaleToBF16: Bool

  /// Collects the fields.
  public init(
    codes: ClosedRange<Int>, firstFactor: Float, factorStep: Float, candidateCount: Int, refinementCount: Int,
    roundsScaleToBF16: Bool
  ) {
    precondition(candidateCount > 0 && refinementCount >= 0, "a search needs a candidate")
    self.codes = codes
    self.firstFactor = firstFactor
    self.factorStep = factorStep
    self.candidateCount = candidateCount
    self.refinementCount = refinementCount
    self.roundsScaleToBF16 = roundsScaleToBF16
  }

  var parameters: fk_search {
    fk_search(
      code_min: Int32(codes.lowerBound), code_max: Int32(codes.upperBound), first_factor: firstFactor,
      factor_step: factorStep, candidate_count: Int32(candidateCount), refinement_count: Int32(refinementCount),
      round_scale_to_bf16: roundsScaleToBF16)
  }
}
