internal import CNumericKernels
import FusionCore

/// Activations of several tokens as bytes, with a scale and a shift for each token and block of columns:
/// x = scale * (code + shift).
///
/// Of a few shifts that one is taken with which the steps are smallest: where outliers lie on one side, as they do in
/// language models, a block then has almost twice as many steps for the range of its values.
///
/// Made for the matrices of one ``Layout``; memory is kept from one filling to the next. One thread may fill it, and
/// then any number may read it.
public final class QuantizedActivations: @unchecked Sendable {
  /// What a matrix asks of the activations that it is multiplied by.
  public struct Layout: Sendable, Hashable {
    /// Columns that share a scale: 32, or 16 for a matrix with groups of 16.
    public let blockSize: Int
    /// Whether a block has its even columns first, as weights of four bits are unpacked.
    let splitsPairs: Bool
    /// Columns of a token.
    public let columnCount: Int

    /// The layout for a matrix.
    ///
    /// - Precondition: the matrix is of integer codes.
    public init(for matrix: EncodedMatrix) {
      precondition(matrix.encoding.isQuantized, "activations are only quantized for matrices of codes")
      blockSize = matrix.encoding.groupSize == 16 ? 16 : 32
      splitsPairs = matrix.encoding.kind != .int8
      columnCount = matrix.columnCount
    }

    var blockCount: Int { (columnCount + blockSize - 1) / blockSize }
  }

  /// The layout of the tokens that are in it.
  public private(set) var layout: Layout
  /// Tokens that are in it.
  public private(set) var tokenCount = 0
  /// Level of the kernels that they are for.
  private(set) var level = InstructionSetLevel.portable
  private var codes = AlignedBuffer()
  private var scales = AlignedBuffer()
  private var sums = AlignedBuffer()
  private var shifts = AlignedBuffer()

  /// Makes an empty one.
  public init(layout: Layout) { self.layout = layout }

  /// Makes room for tokens, which are then set one by one, in place of those that were there.
  ///
  /// - Parameter kernels: those that will multiply; levels want the same codes in different forms.
  public func makeRoom(tokenCount newCount: Int, layout newLayout: Layout, kernels: KernelSet) {
    layout = newLayout
    level = kernels.level
    tokenCount = newCount
    codes.reserve(byteCount: tokenCount * layout.blockCount * layout.blockSize)
    scales.reserve(byteCount: tokenCount * layout.blockCount * 4)
    sums.reserve(byteCount: tokenCount * layout.blockCount * 4)
    shifts.reserve(byteCount: tokenCount * layout.blockCount)
  }

  /// Sets a token; several threads may do so at once, for different tokens.
  ///
  /// - Precondition: there is room for the token, the kernels are those that room was made for, and `values` has one for
  ///   every column.
  public func set(token: Int, to values: UnsafeBufferPointer<Float>, _ kernels: KernelSet) {
    precondition(token >= 0 && token < tokenCount && kernels.level == level, "token \(token) of \(tokenCount)")
    precondition(values.count == layout.columnCount, "\(values.count) values, \(layout.columnCount) columns")
    guard let base = values.baseAddress else { return }
    let first = token * layout.blockCount
    kernels.table.pointee.quantize_activations(
      base, layout.columnCount, layout.blockSize, layout.splitsPairs,
      codes.pointer(to: Int8.self) + first * layout.blockSize, scales.pointer(to: Float.self) + first,
      sums.pointer(to: Float.self) + first, shifts.pointer(to: Int8.self) + first)
  }

  var description: fk_activations {
    fk_activations(
      codes: codes.pointer(to: Int8.self), scales: scales.pointer(to: Float.self), sums: sums.pointer(to: Float.self),
      shifts: shifts.pointer(to: Int8.self), block_count: layout.blockCount, block_size: layout.blockSize)
  }
}
