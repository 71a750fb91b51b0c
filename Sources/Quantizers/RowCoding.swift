import FusionCore
import NumericKernels

/// How the rows of one tensor become codes: decided once for the tensor, the same for all of its rows.
public struct RowCoding: Sendable {
  /// The encoding.
  public let encoding: TensorEncoding
  /// One positive scale a column that bfloat16 holds exactly, if the encoding has them; else empty. Weights are divided
  /// by them before anything else.
  public let columnScales: [Float]
  /// How much the squared error of each column counts in the search for the scales of groups, after the division by
  /// ``columnScales``; 0 to 1e8. Empty for equal weights.
  public let errorWeights: [Float]
  /// Where the scale of a row comes from, if not from a search for the least error.
  public let step: RowStep?
  /// How scales are searched where no ``step`` gives them.
  public let search: ScaleSearch
  /// What makes columns make up for each other's errors; `nil` for codes that are each the nearest one.
  public let feedback: ErrorFeedback?

  /// Collects the parts.
  ///
  /// - Precondition: there are column scales if and only if the encoding has them; steps are only for codes of eight bits.
  public init(
    encoding: TensorEncoding, columnScales: [Float] = [], errorWeights: [Float] = [], step: RowStep? = nil,
    search: ScaleSearch? = nil, feedback: ErrorFeedback? = nil
  ) {
    precondition(encoding.isQuantized, "verbatim values have no codes")
    precondition(encoding.hasColumnScales != columnScales.isEmpty, "column scales for \(encoding.name)")
    precondition(step == nil || (encoding.kind == .int8), "steps for \(encoding.name)")
    self.encoding = encoding
    self.columnScales = columnScales
    self.errorWeights = errorWeights
    self.step = step
    self.search = search ?? .standard(for: encoding)
    self.feedback = feedback
  }
}
