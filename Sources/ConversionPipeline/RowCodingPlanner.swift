import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Works out how the rows of a tensor become codes, from an even selection of them.
struct RowCodingPlanner {
  let source: any WeightSource
  let method: QuantizationMethod
  let execution: ExecutionOptions

  /// Rows of a selection, and the weights that it may have at most.
  private static let selectedRowCount = 1024
  private static let selectedWeightCount = 1 << 20
  /// How a column's scale follows from its size, in quarters of a power, measured on a trained language model: steps of
  /// whole rows want half, groups, whose scales follow the weights along a row, more.
  private static let rowScaleQuarters = 2
  private static let groupScaleQuarters = 3
  /// How a row's step follows from its size under entropy coding, in quarters.
  private static let rowStepQuarters = 3

  /// The coding of a tensor.
  ///
  /// - Throws: what reading the source throws; a refusal of the quantizer.
  func coding(of entry: PlannedTensor) throws -> RowCoding {
    let encoding = entry.encoding
    guard encoding.hasColumnScales else { return RowCoding(encoding: encoding) }
    let selection = try RowSelection(
      entry.tensor.description, of: source, rowCount: Self.selectedRowCount, weightCount: Self.selectedWeightCount,
      kernels: execution.kernels)
    let balance = selection.rows.withUnsafeBufferPointer {
      ColumnBalance(rows: $0, columns: selection.columns)
    }
    let quarters = encoding.groupSize == 0 ? Self.rowScaleQuarters : Self.groupScaleQuarters
    let scales = balance.scales(quarters: quarters)
    guard case .entropy(let bits) = entry.scheme else { return RowCoding(encoding: encoding, columnScales: scales) }
    return try entropyCoding(bits: bits, scales: scales, selection)
  }

  /// Steps whose codes take a wanted number of bits on disk, everything counted.
  private func entropyCoding(bits: Double, scales: [Float], _ selection: RowSelection) throws -> RowCoding {
    let quantizer = RowQuantizer(kernels: execution.kernels)
    let chunkEncoder = ChunkEncoder()
    var scales = scales
    var search = StepSearch(
      rows: selection.divided(by: scales), columns: selection.columns, quarters: Self.rowStepQuarters)
    // Steps are found by the entropy of the codes; what coding adds to it is measured on the steps found, and found
    // again with that.
    var overhead = 0.0
    var step = search.step(bits: bits)
    for _ in 0..<Self.correctionCount {
      let needed = search.neededColumnScales(step)
      if needed.contains(where: { $0 > 1 }) {
        scales = ColumnBalance.widened(scales, by: needed)
        search = StepSearch(
          rows: selection.divided(by: scales), columns: selection.columns, quarters: Self.rowStepQuarters)
      }
      step = search.step(bits: bits - overhead)
      let coding = RowCoding(encoding: .int8ColumnScaled, columnScales: scales, step: step)
      overhead += try selection.storedBits(coding, quantizer, chunkEncoder) - bits
    }
    return RowCoding(
      encoding: .int8ColumnScaled, columnScales: scales, step: search.step(bits: bits - overhead))
  }

  private static let correctionCount = 2
}
