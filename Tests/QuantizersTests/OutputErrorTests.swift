import FusionCore
import Quantizers
import Testing

@Suite struct OutputErrorTests {
  /// One block of rows and several, with a rest.
  @Test(arguments: [0, 1, 5, 256, 257, 600], [1, 37])
  func sumsAreThoseOfFloat64(rows: Int, columns: Int) {
    let inputs = CorrelatedInputs(columns: columns, seed: 3)
    let difference = Distribution.laplacian.values(rows * columns, as: .f32, seed: 4)
    let expected = inputs.outputError(difference)
    let found = OutputError.sum(of: difference, moments: inputs.moments, columns: columns)
    #expect(abs(found - expected) <= 1e-5 * expected, "\(found) against \(expected)")
  }

  @Test func independentInputsAddUpSquares() {
    let moments: [Float] = [2, 0, 0, 0, 1, 0, 0, 0, 4]
    #expect(OutputError.sum(of: [1, 2, 3, 0, 0, 0.5], moments: moments, columns: 3) == 2 + 4 + 36 + 1)
  }
}
