internal import CNumericKernels

/// Room for the weights that one thread has unpacked; reused from call to call.
public final class MultiplicationScratch {
  /// Columns of a piece of the rows that is unpacked at a time: with the rows of ``panelCount`` panels it stays in the
  /// first-level cache, while all tokens go by.
  static let columnCount = 512
  /// Panels of 16 rows that are multiplied together.
  static let panelCount = Int(FK_PANELS)
  /// Tokens that a piece is multiplied by; for more, the rows are unpacked again. Their sums stay in the second-level
  /// cache.
  static let tokenCount = 1024

  let codes = AlignedBuffer()
  let scales = AlignedBuffer()
  let offsets = AlignedBuffer()
  let sums = AlignedBuffer()

  /// Makes room once; about 190 KiB.
  public init() {
    let rows = 16 * Self.panelCount
    codes.reserve(byteCount: rows * Self.columnCount)
    scales.reserve(byteCount: rows * Self.columnCount / 16 * 4)
    offsets.reserve(byteCount: rows * Self.columnCount / 16 * 4 * Int(FK_SHIFT_COUNT))
    sums.reserve(byteCount: rows * Self.tokenCount * 4)
  }
}
