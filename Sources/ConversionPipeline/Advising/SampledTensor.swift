import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// A selection of a tensor's rows that conversions are tried on.
struct SampledTensor: Sendable {
  let selection: RowSelection
  let energy: InputEnergy
  /// Seconds that reading the selection took.
  let readingSeconds: Double
  let policy: CompressionPolicy
  let kernels: KernelSet

  /// Does to the selection what a conversion does to all rows.
  ///
  /// - Parameter coding: works out how rows become codes; `nil` for a tensor that is not quantized.
  /// - Throws: what reading the source throws; a refusal of the quantizer; `.zstdEncodingFailed`.
  func outcome(of entry: PlannedTensor, coding: () throws -> RowCoding?) throws -> TensorOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let coding = try coding()
    let planned = clock.now
    let decoded = try coding.map(decoded) ?? stored(as: entry.dtype)
    let seconds = (clock.now - planned).seconds + readingSeconds
    let share = Double(entry.tensor.description.shape.elementCount) / Double(max(selection.rows.count, 1))
    return TensorOutcome(
      relativeError: entry.scheme == .keep ? 0 : energy.relativeError(of: decoded, from: selection.rows),
      threadSeconds: (planned - start).seconds + seconds * share)
  }

  /// The weights as their codes say them, compressed on the way.
  func decoded(_ coding: RowCoding) throws -> [Float] {
    let columns = selection.columns
    let encoded = try selection.rows.withUnsafeBytes {
      try RowQuantizer(kernels: kernels).encode($0, type: .f32, columns: columns, coding: coding).rows
    }
    let layouts =
      coding.encoding.streams(shape: .matrix(rows: encoded.rowCount, columns: columns), dtype: .f32) ?? []
    let encoder = ChunkEncoder()
    for (stream, layout) in zip(encoded.streams, layouts) {
      _ = try stream.withUnsafeBytes {
        try encoder.encode($0, elementByteCount: layout.elementByteCount, policy: policy)
      }
    }
    var decoded = [Float](repeating: 0, count: selection.rows.count)
    let decoder = RowDecoder(kernels: kernels, encoding: coding.encoding, columns: columns)
    decoded.withUnsafeMutableBufferPointer { target in
      StreamBytes.withBytes(of: encoded.streams) { decoder.decode($0, rows: encoded.rowCount, into: target) }
    }
    return decoded
  }

  /// The weights as values of a type, compressed on the way.
  private func stored(as type: DType) throws -> [Float] {
    var bytes = [UInt8](repeating: 0, count: selection.rows.count * type.byteWidth)
    bytes.withUnsafeMutableBytes { target in
      selection.rows.withUnsafeBufferPointer { kernels.narrow($0, type: type, into: target) }
    }
    var values = [Float](repeating: 0, count: selection.rows.count)
    try bytes.withUnsafeBytes { bytes in
      _ = try ChunkEncoder().encode(bytes, elementByteCount: type.byteWidth, policy: policy)
      values.withUnsafeMutableBufferPointer { kernels.widen(bytes, type: type, into: $0) }
    }
    return values
  }
}
