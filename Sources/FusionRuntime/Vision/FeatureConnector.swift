import NumericKernels

/// Three levels of the tower's hidden states side by side: the last, and the means of the lower and the upper half.
///
/// With K kept layers and h = K / 2 (whole), the means are over hidden states 0 ..< h and h ..< 2 h; state 0 is the
/// encoder's input. Source: FUSION (arXiv 2504.09925) and its published code.
struct FeatureConnector {
  private let half: Int
  private let lower: ActivationMatrix
  private let upper: ActivationMatrix
  private let context: ComputeContext

  init(keptLayerCount: Int, rows: Int, columns: Int, context: ComputeContext) {
    self.init(
      half: keptLayerCount / 2, lower: ActivationMatrix(rows: rows, columns: columns),
      upper: ActivationMatrix(rows: rows, columns: columns), context: context)
  }

  private init(half: Int, lower: ActivationMatrix, upper: ActivationMatrix, context: ComputeContext) {
    self.half = half
    self.lower = lower
    self.upper = upper
    self.context = context
  }

  /// Sums of its own with the same values.
  func copy() -> FeatureConnector {
    FeatureConnector(half: half, lower: lower.copy(), upper: upper.copy(), context: context)
  }

  /// Takes the next hidden state into account.
  func add(_ state: ActivationMatrix, index: Int) {
    if index < half {
      context.add(state, to: lower)
    } else if index < 2 * half {
      context.add(state, to: upper)
    }
  }

  /// The connected features [rows, 3 columns].
  func connect(last: ActivationMatrix) -> ActivationMatrix {
    let width = last.columnCount
    let result = ActivationMatrix(rows: last.rowCount, columns: 3 * width)
    let divisor = Float(max(half, 1))
    context.forEachRow(last.rowCount) { [lower, upper] row in
      _ = result[row, 0..<width].update(from: last[row])
      for column in 0..<width {
        result[row][width + column] = lower[row][column] / divisor
        result[row][2 * width + column] = upper[row][column] / divisor
      }
    }
    return result
  }
}
