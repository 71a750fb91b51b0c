import FusionCore
import FusionRuntime

/// Adds up the inputs of linear layers in float64, the plain way.
final class InputSums: LinearInputObserver {
  /// Rows of one input, each with what it counts.
  struct Site: Sendable {
    var width: Int
    var rows: [(values: [Float], weight: Double)] = []

    /// Sum of w x_i x_j, and of w |x_i x_j|, which bounds the rounding.
    func product(_ i: Int, _ j: Int) -> (sum: Double, magnitude: Double) {
      rows.reduce(into: (0.0, 0.0)) { sums, row in
        let term = row.weight * Double(row.values[i]) * Double(row.values[j])
        sums.0 += term
        sums.1 += abs(term)
      }
    }
  }

  private let kept = Protected<[String: Site]>([:])
  private let visionWeight: Double

  init(visionWeight: Double) { self.visionWeight = visionWeight }

  /// By the first weight's name.
  var sites: [String: Site] { kept.withLock { $0 } }

  func observe(_ input: LinearInput, in context: ComputeContext) {
    let runs = input.kinds.runs(rowCount: input.values.rowCount)
    let rows = runs.flatMap { run in
      run.rows.map { (values: input.values.row($0), weight: run.isVision ? visionWeight : 1) }
    }
    kept.withLock { $0[input.weights[0], default: Site(width: input.values.columnCount)].rows += rows }
  }
}
