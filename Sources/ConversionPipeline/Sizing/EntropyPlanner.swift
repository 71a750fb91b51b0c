import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers

/// Finds the steps whose codes take a wanted number of bits on disk, everything counted.
struct EntropyPlanner {
  /// Bits a weight.
  let bits: Double
  /// Of codes of eight bits with column scales.
  let encoding: TensorEncoding
  /// As in ``RowStep``.
  let quarters: Int
  let kernels: KernelSet

  /// Steps are found by the entropy of the codes; what coding and scales add to it is measured on the steps found, and
  /// they are found again with that, so many times at most: each leaves a small part of the distance, though half of it
  /// where half of the rows are zeros.
  private static let correctionCount = 8
  /// A distance in bits a weight that is not worth another correction.
  private static let closeEnough = 0.0005

  /// The step, and the column scales, made larger where codes would not reach the weights.
  ///
  /// - Throws: a refusal of the quantizer; `.zstdEncodingFailed`.
  func plan(_ selection: RowSelection, scales: [Float]) throws -> (scales: [Float], step: RowStep) {
    let quantizer = RowQuantizer(kernels: kernels)
    let encoder = ChunkEncoder()
    var scales = scales
    var search = StepSearch(
      rows: selection.divided(by: scales, kernels), columns: selection.columns, quarters: quarters,
      groupSize: encoding.groupSize)
    var overhead = 0.0
    var step = search.step(bits: bits)
    for _ in 0..<Self.correctionCount {
      let needed = search.neededColumnScales(step)
      if needed.contains(where: { $0 > 1 }) {
        scales = ColumnBalance.widened(scales, by: needed)
        search = StepSearch(
          rows: selection.divided(by: scales, kernels), columns: selection.columns, quarters: quarters,
          groupSize: encoding.groupSize)
      }
      step = search.step(bits: bits - overhead)
      let coding = RowCoding(encoding: encoding, columnScales: scales, step: step)
      let distance = try selection.storedBits(coding, quantizer, encoder) - bits
      guard abs(distance) > Self.closeEnough else { break }
      overhead += distance
    }
    return (scales, step)
  }
}
