internal import CNumericKernels
import FusionCore

extension KernelSet {
  /// Some rows of a matrix of codes times quantized activations:
  /// `result[token * tokenStride + r]` = sum over columns of w(rows[r], column) * x(token, column).
  ///
  /// Codes are multiplied and summed as integers over a block of columns, exactly; blocks are scaled and added in
  /// float32 in the order of the columns. Every level gives the same bits, for any choice of rows and tokens.
  ///
  /// - Parameters:
  ///   - rows: rows of the matrix; multiples of 64 are fastest.
  ///   - tokenStride: distance between the results of two tokens, at least the number of rows.
  ///   - scratch: the calling thread's own.
  /// - Precondition: the activations have the layout of this matrix, and `result` has room for every token.
  public func multiply(
    _ matrix: EncodedMatrix, rows: Range<Int>, by activations: QuantizedActivations,
    into result: UnsafeMutableBufferPointer<Float>, tokenStride: Int, scratch: MultiplicationScratch
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= matrix.rowCount, "rows \(rows) of \(matrix.rowCount)")
    precondition(activations.layout == .init(for: matrix), "these activations were quantized for another matrix")
    let tokens = activations.tokenCount
    precondition(tokenStride >= rows.count, "results of \(rows.count) rows every \(tokenStride)")
    precondition(
      tokens == 0 || result.count >= (tokens - 1) * tokenStride + rows.count,
      "room for \(result.count) results of \(tokens) tokens")
    guard tokens > 0, !rows.isEmpty, let y = result.baseAddress else { return }
    guard matrix.isInOnePiece else {
      matrix.forEachPart(of: rows) { part, rows, offset in
        multiply(
          part, rows: rows, by: activations, into: UnsafeMutableBufferPointer(rebasing: result[offset...]),
          tokenStride: tokenStride, scratch: scratch)
      }
      return
    }
    var pieces = PanelPieces(kernels: self, matrix: matrix, activations: activations, scratch: scratch)
    // A single tile of tokens has no use for several panels; fewer rows at a time are easier to read ahead of.
    let step = tokens <= PanelPieces.tileLength ? 16 : 16 * MultiplicationScratch.panelCount
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
      let last = min(first + step, rows.upperBound)
      pieces.multiply(rows: first..<last, into: y + (first - rows.lowerBound), tokenStride: tokenStride)
    }
  }
}

/// The work on a few panels of rows: pieces of them are unpacked and multiplied by all tokens.
private struct PanelPieces {
  /// Tokens that go through a piece of every panel before the next ones come.
  static let tileLength = 8

  let kernels: KernelSet
  let scratch: MultiplicationScratch
  let tokenCount: Int
  let isBytes: Bool
  var matrix: fk_matrix
  var activations: fk_activations

  init(
    kernels: KernelSet, matrix: EncodedMatrix, activations: QuantizedActivations, scratch: MultiplicationScratch
  ) {
    self.kernels = kernels
    self.scratch = scratch
    tokenCount = activations.tokenCount
    isBytes = matrix.encoding.kind == .int8
    self.matrix = matrix.description
    self.activations = activations.description
  }

  mutating func multiply(rows: Range<Int>, into y: UnsafeMutablePointer<Float>, tokenStride: Int) {
    let blocksPerPiece = MultiplicationScratch.columnCount / activations.block_size
    for firstBlock in stride(from: 0, to: activations.block_count, by: blocksPerPiece) {
      let blockCount = min(blocksPerPiece, activations.block_count - firstBlock)
      for firstRow in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
        unpack(rows: firstRow..<min(firstRow + 16, rows.upperBound), of: rows, firstBlock, blockCount)
      }
      for firstToken in stride(from: 0, to: tokenCount, by: Self.tileLength) {
        let count = min(Self.tileLength, tokenCount - firstToken)
        for firstRow in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
          var panel = panel(rows: firstRow..<min(firstRow + 16, rows.upperBound), of: rows, firstBlock, blockCount)
          kernels.table.pointee.multiply_panel(
            &panel, &activations, firstToken, count, y + (firstRow - rows.lowerBound), tokenStride, firstBlock > 0)
        }
      }
    }
  }

  private mutating func unpack(rows: Range<Int>, of all: Range<Int>, _ firstBlock: Int, _ blockCount: Int) {
    let place = place(of: rows, all)
    kernels.table.pointee.unpack_panel(
      &matrix, rows.lowerBound, rows.count, firstBlock, blockCount, activations.block_size, place.codes,
      place.scales, place.zeros)
  }

  private func panel(rows: Range<Int>, of all: Range<Int>, _ firstBlock: Int, _ blockCount: Int) -> fk_panel {
    let place = place(of: rows, all)
    return fk_panel(
      codes: place.codes, scales: place.scales, zeros: place.zeros, first_block: firstBlock, block_count: blockCount,
      row_count: rows.count, bytes: isBytes)
  }

  /// Where a panel lies in the scratch memory.
  private func place(
    of rows: Range<Int>, _ all: Range<Int>
  ) -> (codes: UnsafeMutablePointer<Int8>, scales: UnsafeMutablePointer<Float>, zeros: UnsafeMutablePointer<Float>) {
    let columns = MultiplicationScratch.columnCount
    let first = rows.lowerBound - all.lowerBound
    let factor = first * columns / activations.block_size
    return (
      scratch.codes.pointer(to: Int8.self) + first * columns, scratch.scales.pointer(to: Float.self) + factor,
      scratch.zeros.pointer(to: Float.self) + factor
    )
  }
}
