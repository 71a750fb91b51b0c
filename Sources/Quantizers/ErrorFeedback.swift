import FusionCore
import NumericKernels

/// What GPTQ (arXiv 2210.17323) knows of a linear layer's inputs: in which order its columns are rounded, and how each
/// one makes up for the errors of those before it.
public struct ErrorFeedback: Sendable {
  /// Share of the mean of the diagonal that is added to it, as published; more where the matrix is not positive
  /// definite in spite of it.
  public static let standardDamping = 0.01

  /// Position in the order to column: columns of large inputs come first (activation order), equal ones by number.
  public let order: [Int]
  /// The damping that was needed, as a share of the mean of the diagonal.
  public let damping: Double
  let factor: InverseOrderFactor

  /// Prepares the feedback.
  ///
  /// - Parameters:
  ///   - moments: H = mean of x transpose(x) over the inputs x, `count` x `count`, symmetric, finite.
  ///   - count: columns of the weights.
  ///   - ordersByActivation: whether columns of large inputs come first; otherwise columns are in their own order.
  ///   - damping: share of the mean of the diagonal that is added to it.
  ///   - team: threads; the result does not depend on their number.
  public init(
    moments: UnsafeBufferPointer<Float>, count: Int, ordersByActivation: Bool = true,
    damping: Double = Self.standardDamping, team: WorkerTeam
  ) {
    precondition(count > 0 && moments.count == count * count, "\(moments.count) moments of \(count) columns")
    let diagonal = (0..<count).map { Double(moments[$0 * count + $0]) }
    let order =
      ordersByActivation
      ? (0..<count).sorted { (diagonal[$1], $0) < (diagonal[$0], $1) } : Array(0..<count)
    let mean = diagonal.reduce(0, +) / Double(count)
    // Inputs that were never seen have no moments at all; any positive number does.
    let unit = mean.isNormal && mean > 0 ? mean : 1
    nonisolated(unsafe) let moments = moments
    var share = damping
    while true {
      let added = share * unit
      let factor = InverseOrderFactor(count: count, team: team) { i, k in
        Double(moments[order[i] * count + order[k]]) + (i == k ? added : 0)
      }
      if let factor {
        self.factor = factor
        break
      }
      share = max(share * 10, 1e-6)
    }
    self.order = order
    self.damping = share
  }

  /// For each column R[k, k]: a step of this size times an error counts as much in every column. In the columns' own
  /// order.
  public var columnImportance: [Double] {
    var result = [Double](repeating: 0, count: order.count)
    for (position, column) in order.enumerated() { result[column] = Double(factor.diagonal[position]) }
    return result
  }
}
