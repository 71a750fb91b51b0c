/// How far the predictions of the next token are apart, over the positions of some samples.
public struct OutputDivergence: Codable, Sendable, Equatable {
  /// How many samples.
  public var sampleCount: Int
  /// How many positions of them were compared.
  public var positionCount: Int
  /// Kullback-Leibler divergence of the candidate from the reference, in nats, by position.
  public var divergence: ReportedDistribution
  /// The same by ranges; nil if not kept.
  public var histogram: ReportedHistogram?
  /// Share of positions where both have the same likeliest token, 0 to 1.
  public var top1Agreement: ReportedEstimate
  /// Mean share of the reference's five likeliest tokens that the candidate has among its five, 0 to 1.
  public var top5Agreement: ReportedEstimate?
  /// Mean change of the probability of the right token, candidate less reference, -1 to 1; nil without known
  /// answers.
  public var rightTokenChange: ReportedEstimate?
  /// Perplexity of the reference on the right tokens; nil without known answers.
  public var referencePerplexity: Double?
  /// Perplexity of the candidate on the right tokens; nil without known answers.
  public var candidatePerplexity: Double?
  /// ``candidatePerplexity`` over ``referencePerplexity``; nil without known answers.
  public var perplexityRatio: ReportedEstimate?

  /// Collects the fields.
  public init(
    sampleCount: Int, positionCount: Int, divergence: ReportedDistribution, histogram: ReportedHistogram? = nil,
    top1Agreement: ReportedEstimate, top5Agreement: ReportedEstimate? = nil, rightTokenChange: ReportedEstimate? = nil,
    referencePerplexity: Double? = nil, candidatePerplexity: Double? = nil, perplexityRatio: ReportedEstimate? = nil
  ) {
    self.sampleCount = sampleCount
    self.positionCount = positionCount
    self.divergence = divergence
    self.histogram = histogram
    self.top1Agreement = top1Agreement
    self.top5Agreement = top5Agreement
    self.rightTokenChange = rightTokenChange
    self.referencePerplexity = referencePerplexity
    self.candidatePerplexity = candidatePerplexity
    self.perplexityRatio = perplexityRatio
  }
}
