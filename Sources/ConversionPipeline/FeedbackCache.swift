import FusionCore
import NumericKernels
import Quantizers

/// The feedback of the input that was asked for last: tensors that share an input follow each other.
///
/// May be used from several threads at once; they wait for each other while a matrix is factored, which all of them
/// would otherwise do.
final class FeedbackCache: Sendable {
  private let team: WorkerTeam
  private let last = Protected<(site: String, feedback: ErrorFeedback)?>(nil)

  init(threads: Int) { team = WorkerTeam(threads: threads) }

  /// The feedback of an input.
  ///
  /// - Parameter moments: reads the second moments, if the input is not the last one; `nil` if there are none.
  func feedback(ofSite site: String, moments: () throws -> [Float]?) throws -> ErrorFeedback? {
    try last.withLock { last in
      if let last, last.site == site { return last.feedback }
      last = nil
      guard let moments = try moments() else { return nil }
      let feedback = moments.withUnsafeBufferPointer {
        ErrorFeedback(moments: $0, count: Int(Double($0.count).squareRoot().rounded()), team: team)
      }
      last = (site, feedback)
      return feedback
    }
  }
}
