import FusionCore

/// Random weights that are spread like trained ones, made anew wherever they are needed.
///
/// Every value is a pure function of seed, tensor name, shape, row and column: a checkpoint can be written in pieces
/// of any size by any number of threads, and a test can make a tensor again instead of keeping it. No function of the
/// C library takes part, so the bytes are the same on every machine.
///
/// | kind | values |
/// |---|---|
/// | matrix | heavy-tailed (kurtosis 3.8 within a row), deviation 1 / √columns times the scale of the row; the rows' scales are log-normal with σ = 0.25, which makes the kurtosis of the whole about 4.9; outlier columns 4-8 times larger |
/// | embedding | the same with deviation 0.02 and no outliers |
/// | norm | 1 ± 0.15, at least 0.05; about 0.2 % are 3-6 times larger |
/// | bias | heavy-tailed, deviation 0.02 |
public struct SyntheticWeights: Sendable {
  /// Tells one checkpoint from another.
  public let seed: UInt64

  /// The weights of one seed.
  public init(seed: UInt64) { self.seed = seed }

  /// Columns that are outliers in every matrix of kind `.matrix(outlierColumns: true)` with so many columns.
  public func outlierColumns(columnCount: Int) -> [OutlierColumn] {
    OutlierColumn.columns(seed: seed, columnCount: columnCount)
  }

  /// Makes the bytes of some rows, little-endian and row-major.
  ///
  /// - Parameters:
  ///   - buffer: exactly the bytes of these rows, of any alignment.
  ///   - tensor: the whole tensor; a tensor of rank 1 has one column.
  ///   - dtype: `.bf16`, `.f16` or `.f32`; the numbers are the same in each but for rounding.
  ///   - rows: rows of the tensor.
  public func fill(
    _ buffer: UnsafeMutableRawBufferPointer, tensor: SyntheticTensor, dtype: DType, rows: Range<Int>
  ) {
    precondition(dtype.isQuantizable, "synthetic weights of type \(dtype.rawValue)")
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= tensor.shape.rowCount,
      "rows \(rows) of \(tensor.name) \(tensor.shape)")
    let elementCount = rows.count * tensor.shape.columnCount
    precondition(
      buffer.count == elementCount * dtype.byteWidth,
      "\(buffer.count) bytes for \(elementCount) values of type \(dtype.rawValue)")
    guard elementCount > 0 else { return }
    switch dtype {
    case .f16: fill(buffer, tensor, rows, as: Float16Pattern.self)
    case .f32: fill(buffer, tensor, rows, as: Float32Pattern.self)
    default: fill(buffer, tensor, rows, as: BFloat16Pattern.self)
    }
  }

  @inline(__always)
  private func fill<Element: EncodedFloat>(
    _ buffer: UnsafeMutableRawBufferPointer, _ tensor: SyntheticTensor, _ rows: Range<Int>, as type: Element.Type
  ) {
    switch tensor.kind {
    case .matrix(let hasOutliers):
      let columns = tensor.shape.columnCount
      let filler = MatrixFiller(
        seed: seed, tensor: tensor, deviation: 1 / Float(columns).squareRoot(),
        outliers: hasOutliers ? outlierColumns(columnCount: columns) : [])
      filler.fill(buffer, rows: rows, as: type)
    case .embedding:
      MatrixFiller(seed: seed, tensor: tensor, deviation: 0.02, outliers: []).fill(buffer, rows: rows, as: type)
    case .norm, .bias:
      VectorFiller(seed: seed, tensor: tensor).fill(buffer, rows: rows, as: type)
    }
  }
}
