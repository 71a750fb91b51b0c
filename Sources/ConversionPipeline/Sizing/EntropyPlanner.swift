import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers

/// Finds the steps whose codes take a wanted number of bits on disk, everything counted.
struct EntropyPlanner {
  /// Bits a weight.
  let bits: Double
  /// As in ``RowStep``.
  let quarters: Int
  let kernels: KernelSet

  /// Steps are found by the entropy of the codes; what coding and scales add to it is measured on the steps found, and
  /// they are found again with that.
  private static let correctionCount = 2

  /// The step, and the column scales, made larger where codes would not reach the weights.
  ///
  /// - Throws: a refusal of the quantizer; `.zstdEncodingFailed`.
  func plan(_ selection: RowSelection, scales: [Float]) throws -> (scales: [Float], step: RowStep) {
    let quantizer = RowQuantizer(kernels: kernels)
    let encoder = ChunkEncoder()
    var scales = scales
    var search = StepSearch(
      rows: selection.divided(by: scales, kernels), columns: selection.columns, quarters: quarters)
    var overhead = 0.0
    var step = search.step(bits: bits)
    for _ in 0..<Self.correctionCount {
      let needed = search.neededColumnScales(step)
      if needed.contains(where: { $0 > 1 }) {
        scales = ColumnBalance.widened(scales, by: needed)
        search = StepSearch(
          rows: selection.divided(by: scales, kernels), columns: selection.columns, quarters: quarters)
      }
      step = search.step(bits: bits - overhead)
      let coding = RowCoding(encoding: .int8ColumnScaled, columnScales: scales, step: step)
      overhead += try selection.storedBits(coding, quantizer, encoder) - bits
    }
    return (scales, search.step(bits: bits - overhead))
  }
}
