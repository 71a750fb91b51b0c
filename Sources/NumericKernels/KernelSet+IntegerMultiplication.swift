internal import CNumericKernels
import FusionCore

extension KernelSet {
  /// Some rows of a matrix of codes times quantized activations:
  /// `result[token * tokenStride + r]` = sum over columns of w(rows[r], column) * x(token, column).
  ///
  /// Codes are multiplied and summed as integers over a block of columns, exactly, with the block's shift; blocks are
  /// scaled and added in float32 in the order of the columns. Every level gives the same bits, for any choice of rows and tokens.
  ///
  /// - Parameters:
  ///   - rows: rows of the matrix; multiples of 32 are fastest.
  ///   - tokenStride: distance between the results of two tokens, at least the number of rows.
  ///   - scratch: the calling thread's own.
  /// - Precondition: the activations have the layout of this matrix, and `result` has room for every token.
  public func multiply(
    _ matrix: EncodedMatrix, rows: Range<Int>, by activations: QuantizedActivations,
    into result: UnsafeMutableBufferPointer<Float>, tokenStride: Int, scratch: MultiplicationScratch
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= matrix.rowCount, "rows \(rows) of \(matrix.rowCount)")
    precondition(activations.layout == .init(for: matrix), "these activations were quantized for another matrix")
    precondition(activations.level == level, "these activations were quantized by other kernels")
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
    if tokens <= Self.directTokenCount, activations.layout.blockSize == 32 {
      var (description, operand) = (matrix.description, activations.description)
      for token in 0..<tokens {
        table.pointee.multiply_rows(
          &description, rows.lowerBound, rows.count, &operand, token, y + token * tokenStride)
      }
      return
    }
    for firstToken in stride(from: 0, to: tokens, by: MultiplicationScratch.tokenCount) {
      var pieces = PanelPieces(
        kernels: self, matrix: matrix, activations: activations,
        tokens: firstToken..<min(firstToken + MultiplicationScratch.tokenCount, tokens), scratch: scratch)
      let step = 16 * MultiplicationScratch.panelCount
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
        pieces.multiply(
          rows: first..<min(first + step, rows.upperBound),
          into: y + firstToken * tokenStride + (first - rows.lowerBound), tokenStride: tokenStride)
      }
    }
  }

  /// Up to this many tokens, each is multiplied with the weights as they are stored: once through memory for each of
  /// them, for which long runs of rows are best. For more it pays to unpack the weights.
  public static let directTokenCount = 3
}

/// The work on a few panels of rows and some tokens: pieces of the rows are unpacked and multiplied by all of the tokens.
private struct PanelPieces {
  let kernels: KernelSet
  let scratch: MultiplicationScratch
  let tokens: Range<Int>
  let isBytes: Bool
  var matrix: fk_matrix
  var activations: fk_activations

  init(
    kernels: KernelSet, matrix: EncodedMatrix, activations: QuantizedActivations, tokens: Range<Int>,
    scratch: MultiplicationScratch
  ) {
    self.kernels = kernels
    self.scratch = scratch
    self.tokens = tokens
    // Entries of a grid are unpacked as what they are.
    isBytes = matrix.encoding.kind == .int8 || matrix.encoding.kind == .int4NonLinear
    self.matrix = matrix.description
    self.activations = activations.description
  }

  mutating func multiply(rows: Range<Int>, into y: UnsafeMutablePointer<Float>, tokenStride: Int) {
    let sums = scratch.sums.pointer(to: Float.self)
    let sumStride = 16 * MultiplicationScratch.panelCount
    let step = MultiplicationScratch.columnCount / activations.block_size
    for first in stride(from: 0, to: activations.block_count, by: step) {
      let count = min(step, activations.block_count - first)
      var panels = unpack(rows: rows, firstBlock: first, blockCount: count)
      // Sums wait where they are close together; those of the last piece go to the result.
      let isLast = first + count == activations.block_count
      var product = fk_product(
        y: isLast ? y : sums, y_stride: isLast ? tokenStride : sumStride, addend: first > 0 ? sums : nil,
        addend_stride: sumStride)
      kernels.table.pointee.multiply_panel(&panels, &activations, tokens.lowerBound, tokens.count, &product)
    }
  }

  private mutating func unpack(rows: Range<Int>, firstBlock: Int, blockCount: Int) -> fk_panel {
    let codes = scratch.codes.pointer(to: Int8.self)
    let (scales, offsets) = (scratch.scales.pointer(to: Float.self), scratch.offsets.pointer(to: Float.self))
    let codeStride = 16 * MultiplicationScratch.columnCount
    let factorStride = codeStride / activations.block_size
    for (panel, row) in stride(from: rows.lowerBound, to: rows.upperBound, by: 16).enumerated() {
      kernels.table.pointee.unpack_panel(
        &matrix, row, min(16, rows.upperBound - row), firstBlock, blockCount, activations.block_size,
        codes + panel * codeStride, scales + panel * factorStride, offsets + panel * factorStride * Int(FK_SHIFT_COUNT))
    }
    return fk_panel(
      codes: codes, scales: scales, offsets: offsets, code_stride: codeStride, factor_stride: factorStride,
      first_block: firstBlock, block_count: blockCount, row_count: rows.count, bytes: isBytes)
  }
}
