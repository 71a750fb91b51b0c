import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Reads blocks back from the output and compares them with the source; one object for each thread.
final class BlockProof {
  /// A block in the output.
  struct Written {
    /// One chunk for each stream of the encoding.
    let chunks: [ContainerChunk]
    /// What its codes were said to keep to.
    let largestDeviation: Float?
  }

  private let converter: Converter
  private let writer: ContainerWriter
  private let verifier: BlockVerifier
  private let decoder = ChunkDecoder()

  init(converter: Converter, writer: ContainerWriter) {
    self.converter = converter
    self.writer = writer
    verifier = BlockVerifier(kernels: converter.execution.kernels)
  }

  /// Proves that a block says what the source says.
  ///
  /// - Parameter observe: sees the source's bytes.
  /// - Returns: values beyond the ends of their codes.
  /// - Throws: `.containerChunkDamaged`, what decoding and comparing throw, what the source throws.
  func compare(
    _ block: RowBlock, _ written: Written, observe: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws -> Int {
    let entry = converter.plan.entries[block.entryIndex]
    let tensor = entry.tensor.description
    let layouts = entry.encoding.streams(shape: tensor.shape, dtype: entry.dtype) ?? []
    return try naming(block) {
      let streams = try zip(written.chunks, layouts).map { chunk, layout in
        var raw = [UInt8](repeating: 0, count: chunk.rawByteCount)
        try raw.withUnsafeMutableBytes {
          try writer.readBack(chunk, elementByteCount: layout.elementByteCount, into: $0, using: decoder)
        }
        return raw
      }
      try verifier.validate(
        streams, rows: block.rows.count, columns: tensor.shape.columnCount, encoding: entry.encoding)
      return try withSource(block) {
        observe($0)
        return try verifier.compare(
          streams, rows: block.rows.count, tensor: tensor, encoding: entry.encoding, dtype: entry.dtype, source: $0,
          options: RowVerifier.Options(largestDeviation: written.largestDeviation, measuresDifference: false)
        ).clippedCount
      }
    }
  }

  /// Proves that a block's chunks are what was written.
  ///
  /// - Parameter observe: sees the source's bytes.
  /// - Throws: `.containerChunkDamaged`, what the source throws.
  func check(_ block: RowBlock, _ written: Written, observe: (UnsafeRawBufferPointer) -> Void) throws {
    try naming(block) {
      for chunk in written.chunks { _ = try writer.readBack(chunk) }
      try withSource(block, observe)
    }
  }

  private func withSource<Result>(
    _ block: RowBlock, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let tensor = converter.plan.entries[block.entryIndex].tensor.description
    let source = converter.checkpoint.source
    let range = block.byteRange(in: tensor)
    let result = try source.withBytes(of: tensor, in: range, body)
    source.discard(tensor, in: range)
    return result
  }

  private func naming<Result>(_ block: RowBlock, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as FusionError {
      let name = converter.plan.entries[block.entryIndex].tensor.description.name
      error.place = "tensor \(name), rows from \(block.rows.lowerBound): \(error.place ?? "")"
      throw error.inFile(writer.path)
    }
  }
}
