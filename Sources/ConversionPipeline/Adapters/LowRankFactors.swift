import FusionCore
import NumericKernels
import WeightGraph

/// The two factors of one update as float32, laid out for the kernel.
///
/// A merge is left * right with one row of `left` for each row of the base tensor: B and A as they are, or for a
/// transposed update A and B transposed.
struct LowRankFactors: Sendable {
  /// `rank` values for each row of the base.
  let left: [Float]
  let panels: LowRankPanels

  /// Bytes in memory, up to the panels' last columns that are filled up.
  var byteCount: Int { MemoryLayout<Float>.size * (left.count + panels.rank * panels.columnCount) }

  /// Reads both factors.
  ///
  /// - Throws: what the adapter's source throws.
  init(_ merge: AdapterMerge, sources: [any WeightSource], kernels: KernelSet) throws {
    let a = try Self.values(of: merge.factorA, sources, kernels)
    let b = try Self.values(of: merge.factorB, sources, kernels)
    let (rows, columns, rank) = (merge.shape.rowCount, merge.shape.columnCount, merge.rank)
    if merge.isTransposed {
      left = Self.transposed(a, rows: rank, columns: rows)
    } else {
      left = b
    }
    panels = (merge.isTransposed ? b : a).withUnsafeBufferPointer {
      LowRankPanels($0, rank: rank, columnCount: columns, isTransposed: merge.isTransposed)
    }
  }

  /// All values of a factor as float32.
  static func values(
    of tensor: AdapterTensor, _ sources: [any WeightSource], _ kernels: KernelSet
  ) throws -> [Float] {
    let description = tensor.description
    var values = [Float](repeating: 0, count: description.shape.elementCount)
    try sources[tensor.fileIndex].withBytes(of: description, in: 0..<description.byteCount) { bytes in
      values.withUnsafeMutableBufferPointer { kernels.widen(bytes, type: description.dtype, into: $0) }
    }
    sources[tensor.fileIndex].discard(description, in: 0..<description.byteCount)
    return values
  }

  private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
    }
    return result
  }
}
