import FusionCore
import Glibc
public struct EncodedMatrix: @unchecked Sendable {
  public let encoding: TensorEncoding, dtype: DType, rowCount: Int, columnCount: Int, streams: [UnsafeRawBufferPointer]
  public init(encoding: TensorEncoding, dtype: DType, rowCount: Int, columnCount: Int, streams: [UnsafeRawBufferPointer]) {
    self.encoding = encoding; self.dtype = dtype; self.rowCount = rowCount; self.columnCount = columnCount; self.streams = streams
  }
}
extension KernelSet {
  public func rmsNorm(_ x: UnsafeBufferPointer<Float>, weight: UnsafeBufferPointer<Float>, epsilon: Float, into y: UnsafeMutableBufferPointer<Float>) {
    var s = 0.0; for v in x { s += Double(v) * Double(v) }
    let r = Float(1 / (s / Double(x.count) + Double(epsilon)).squareRoot())
    for i in x.indices { y[i] = weight[i] * (x[i] * r) }
  }
  public func layerNorm(_ x: UnsafeBufferPointer<Float>, weight: UnsafeBufferPointer<Float>, bias: UnsafeBufferPointer<Float>, epsilon: Float, into y: UnsafeMutableBufferPointer<Float>) {
    var s = 0.0; for v in x { s += Double(v) }
    let m = s / Double(x.count); var q = 0.0
    for v in x { let d = Double(v) - m; q += d * d }
    let r = 1 / (q / Double(x.count) + Double(epsilon)).squareRoot()
    for i in x.indices { y[i] = Float((Double(x[i]) - m) * r) * weight[i] + bias[i] }
  }
  public func softmax(_ x: UnsafeMutableBufferPointer<Float>) {
    var m = -Float.infinity; for v in x { m = max(m, v) }
    var s = 0.0; for i in x.indices { x[i] = expf(x[i] - m); s += Double(x[i]) }
    let r = Float(1 / s); for i in x.indices { x[i] *= r }
  }
  public func siluMultiply(gate: UnsafeBufferPointer<Float>, up: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>) {
    for i in gate.indices { y[i] = gate[i] / (1 + expf(-gate[i])) * up[i] }
  }
  public func geluTanh(_ x: UnsafeMutableBufferPointer<Float>) {
    for i in x.indices { let v = x[i]; x[i] = 0.5 * v * (1 + tanhf(0.7978845608 * (v + 0.044715 * v * v * v))) }
  }
  public func geluErf(_ x: UnsafeMutableBufferPointer<Float>) {
    for i in x.indices { let v = x[i]; x[i] = 0.5 * v * (1 + erff(v * 0.70710678118)) }
  }
  public func add(_ a: UnsafeBufferPointer<Float>, to y: UnsafeMutableBufferPointer<Float>) { for i in a.indices { y[i] += a[i] } }
  public func addScaled(_ a: UnsafeBufferPointer<Float>, by s: Float, to y: UnsafeMutableBufferPointer<Float>) { for i in a.indices { y[i] += s * a[i] } }
  public func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float { var s: Float = 0; for i in a.indices { s += a[i] * b[i] }; return s }
  public func rotate(_ x: UnsafeMutableBufferPointer<Float>, cosines c: UnsafeBufferPointer<Float>, sines s: UnsafeBufferPointer<Float>) {
    let h = x.count / 2
    for i in 0..<h { let (a, b) = (x[i], x[i + h]); x[i] = a * c[i] - b * s[i]; x[i + h] = b * c[i + h] + a * s[i + h] }
  }
  public func multiply(_ m: EncodedMatrix, rows: Range<Int>, by x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>) {
    precondition(m.encoding.kind == .verbatim)
    var row = [Float](repeating: 0, count: m.columnCount)
    for (i, r) in rows.enumerated() {
      let w = m.columnCount * m.dtype.byteWidth
      row.withUnsafeMutableBufferPointer { widen(UnsafeRawBufferPointer(rebasing: m.streams[0][(r * w)..<((r + 1) * w)]), type: m.dtype, into: $0); y[i] = dot(UnsafeBufferPointer($0), x) }
    }
  }
}
