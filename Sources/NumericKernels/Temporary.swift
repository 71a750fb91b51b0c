import FusionCore
import Glibc
public struct EncodedMatrix: @unchecked Sendable {
  public let encoding: TensorEncoding, dtype: DType, rowCount: Int, columnCount: Int, streams: [UnsafeRawBufferPointer]
  public init(encoding: TensorEncoding, dtype: DType, rowCount: Int, columnCount: Int, streams: [UnsafeRawBufferPointer]) {
    self.encoding = encoding; self.dtype = dtype; self.rowCount = rowCount; self.columnCount = columnCount; self.streams = streams
  }
}
extension KernelSet {
  public func multiply(_ m: EncodedMatrix, rows: Range<Int>, by x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>) {
    precondition(m.encoding.kind == .verbatim)
    var row = [Float](repeating: 0, count: m.columnCount)
    for (i, r) in rows.enumerated() {
      let w = m.columnCount * m.dtype.byteWidth
      row.withUnsafeMutableBufferPointer { widen(UnsafeRawBufferPointer(rebasing: m.streams[0][(r * w)..<((r + 1) * w)]), type: m.dtype, into: $0); y[i] = dot(UnsafeBufferPointer($0), x) }
    }
  }
}
