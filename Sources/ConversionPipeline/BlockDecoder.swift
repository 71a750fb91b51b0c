import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers

/// Turns blocks of a container back into values of a float type; one object for each thread.
final class BlockDecoder {
  private let kernels: KernelSet
  private let scanner: ValueScanner
  private let decoder: ChunkDecoder
  private var values: [Float] = []

  init(kernels: KernelSet) {
    self.kernels = kernels
    scanner = ValueScanner(kernels: kernels)
    decoder = ChunkDecoder()
  }

  /// The little-endian bytes of a block's values.
  ///
  /// - Parameter type: type to give them in, or `nil` for the tensor's own. Types that do not widen to float32 are
  ///   given as they are.
  func bytes(of block: RowBlock, in model: ContainerModel, as type: DType?) throws -> [UInt8] {
    let tensor = model.reader.index.tensors[block.entryIndex]
    let streams = try model.streams(of: block, decoder: decoder)
    let target = type ?? tensor.dtype
    guard tensor.encoding.isQuantized else {
      guard target != tensor.dtype, tensor.dtype.isQuantizable else { return streams[0] }
      return streams[0].withUnsafeBytes { scanner.convert($0, from: tensor.dtype, to: target) }
    }
    return decode(streams, rows: block.rows.count, tensor) { values in
      var result = [UInt8](repeating: 0, count: values.count * target.byteWidth)
      result.withUnsafeMutableBytes { kernels.narrow(values, type: target, into: $0) }
      return result
    }
  }

  /// How often each code of a block of a quantized tensor occurs.
  func codes(of block: RowBlock, in model: ContainerModel) throws -> CodeHistogram {
    let tensor = model.reader.index.tensors[block.entryIndex]
    let streams = try model.streams(of: block, decoder: decoder)
    let rowDecoder = RowDecoder(kernels: kernels, encoding: tensor.encoding, columns: tensor.shape.columnCount)
    var histogram = CodeHistogram()
    StreamBytes.withBytes(of: streams) { rowDecoder.count($0, rows: block.rows.count, into: &histogram) }
    return histogram
  }

  private func decode<Result>(
    _ streams: [[UInt8]], rows: Int, _ tensor: ContainerTensor, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    let columns = tensor.shape.columnCount
    let rowDecoder = RowDecoder(kernels: kernels, encoding: tensor.encoding, columns: columns)
    if values.count < rows * columns { values = [Float](repeating: 0, count: rows * columns) }
    return values.withUnsafeMutableBufferPointer { all in
      let used = UnsafeMutableBufferPointer(rebasing: all[..<(rows * columns)])
      StreamBytes.withBytes(of: streams) { rowDecoder.decode($0, rows: rows, into: used) }
      return body(UnsafeBufferPointer(used))
    }
  }
}
