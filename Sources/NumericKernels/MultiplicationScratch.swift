/// Room for the weights that one thread has unpacked; reused from call to call.
public final class MultiplicationScratch {
  /// Columns of a piece of the rows that is unpacked at a time: with the rows of ``panelCount`` panels it stays in the
  /// second-level cache, and one panel of it in the first.
  static let columnCount = 512
  /// Panels of 16 rows that share each tile of tokens while it is in the first-level cache.
  static let panelCount = 4

  let codes = AlignedBuffer()
  let scales = AlignedBuffer()
  let zeros = AlignedBuffer()

  /// Makes room once; about 64 KiB.
  public init() {
    let rows = 16 * Self.panelCount
    codes.reserve(byteCount: rows * Self.columnCount)
    scales.reserve(byteCount: rows * Self.columnCount / 16 * 4)
    zeros.reserve(byteCount: rows * Self.columnCount / 16 * 4)
  }
}
