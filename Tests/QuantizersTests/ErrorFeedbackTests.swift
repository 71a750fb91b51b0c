import NumericKernels
import Quantizers
import TestSupport
import Testing

@Suite struct ErrorFeedbackTests {
  private func feedback(
    _ moments: [Float], count: Int, ordersByActivation: Bool = true, damping: Double = ErrorFeedback.standardDamping
  ) -> ErrorFeedback {
    moments.withUnsafeBufferPointer {
      ErrorFeedback(
        moments: $0, count: count, ordersByActivation: ordersByActivation, damping: damping,
        team: WorkerTeam(threads: 2))
    }
  }

  private func diagonal(_ values: [Float]) -> [Float] {
    values.indices.flatMap { row in values.indices.map { $0 == row ? values[row] : 0 } }
  }

  @Test func largeInputsComeFirst() {
    let found = feedback(diagonal([1, 4, 2, 4, 0.5, 2]), count: 6)
    #expect(found.order == [1, 3, 2, 5, 0, 4])
    #expect(found.damping == 0.01)
    #expect(feedback(diagonal([1, 4, 2]), count: 3, ordersByActivation: false).order == [0, 1, 2])
  }

  /// Without correlation R is the root of the damped diagonal, whatever the order.
  @Test(arguments: [true, false]) func importanceOfIndependentColumns(ordersByActivation: Bool) {
    let squares: [Float] = [1, 4, 2.25, 0.25]
    let found = feedback(diagonal(squares), count: 4, ordersByActivation: ordersByActivation, damping: 0.5)
    let added = 0.5 * 7.5 / 4
    for (importance, square) in zip(found.columnImportance, squares) {
      let expected = (Double(square) + added).squareRoot()
      #expect(abs(importance - expected) <= 1e-7 * expected)
    }
  }

  /// The first column in the order has only what no later one can make up for: 1 / (H^-1)[0, 0] = R[0, 0]^2 of two.
  @Test func importanceOfTwoCorrelatedColumns() {
    let found = feedback([4, 3, 3, 9], count: 2, damping: 0)
    #expect(found.order == [1, 0])
    // Column 1 comes first: 9 - 3 * 3 / 4 is left; column 0, the last, keeps 4.
    #expect(abs(found.columnImportance[1] * found.columnImportance[1] - 6.75) < 1e-6)
    #expect(abs(found.columnImportance[0] * found.columnImportance[0] - 4) < 1e-6)
  }

  @Test func matricesThatAreNotPositiveDefiniteAreDampedMore() {
    // Eigenvalues 2.5 and -0.5: a share of the mean, 1, must be above 0.5.
    #expect(feedback([1, 1.5, 1.5, 1], count: 2).damping == 1)
    #expect(feedback([1, 3, 3, 1], count: 2).damping == 10)
    // A rank of one, without damping: the least share is tried first.
    #expect(feedback([1, 1, 1, 1], count: 2, damping: 0).damping == 1e-6)
    #expect(feedback([1, 1, 1, 1], count: 2).damping == 0.01)
  }

  @Test func inputsThatWereNeverSeen() {
    let found = feedback([Float](repeating: 0, count: 9), count: 3)
    #expect(found.damping == 0.01)
    #expect(found.order == [0, 1, 2])
    #expect(found.columnImportance.allSatisfy { abs($0 - 0.1) < 1e-8 })
  }
}
