import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Turns row blocks of a source into chunks, and compares chunks with the source; one object for each thread.
final class BlockEncoder {
  private let source: any WeightSource
  private let policy: CompressionPolicy
  private let quantizer: RowQuantizer
  private let scanner: ValueScanner
  private let chunkEncoder: ChunkEncoder

  /// Whether a block's pages are given back once it is encoded; not where it is read back and compared soon after.
  private let discardsPages: Bool

  /// Whether a block's product says which bytes it was made from.
  private let identifiesSource: Bool

  init(
    source: any WeightSource, policy: CompressionPolicy, kernels: KernelSet, discardsPages: Bool = true,
    identifiesSource: Bool = false
  ) {
    self.source = source
    self.discardsPages = discardsPages
    self.identifiesSource = identifiesSource
    self.policy = policy
    quantizer = RowQuantizer(kernels: kernels)
    scanner = ValueScanner(kernels: kernels)
    chunkEncoder = ChunkEncoder()
  }

  /// One block, encoded.
  struct Product {
    let chunks: [EncodedChunk]
    /// `nil` for types that do not widen to float32.
    let statistics: QuantizationStatistics?
    /// Of the source's bytes; 0 if nobody asked.
    var sourceChecksum: UInt64 = 0
  }

  /// Reads, quantizes or copies, and compresses a block.
  ///
  /// - Throws: what the source throws; a refusal of the quantizer, with the tensor's name and the row in it.
  ///
  /// - Parameter coding: how the rows of a quantized tensor become codes; `nil` for the others.
  func encode(_ block: RowBlock, of entry: PlannedTensor, coding: RowCoding?) throws -> Product {
    let description = entry.tensor.description
    let range = block.byteRange(in: description)
    defer { if discardsPages { source.discard(description, in: range) } }
    return try source.withBytes(of: description, in: range) { bytes -> Product in
      var product = try encode(bytes, block, entry, coding)
      if identifiesSource { product.sourceChecksum = ContainerChecksum.of(bytes) }
      return product
    }
  }

  private func encode(
    _ bytes: UnsafeRawBufferPointer, _ block: RowBlock, _ entry: PlannedTensor, _ coding: RowCoding?
  ) throws -> Product {
    let description = entry.tensor.description
    switch entry.scheme {
    case .keep:
      let statistics = description.dtype.isQuantizable ? observed(bytes, description.dtype) : nil
      return Product(chunks: [try chunk(bytes, width: description.dtype.byteWidth)], statistics: statistics)
    case .convert(let type):
      let converted = scanner.convert(bytes, from: description.dtype, to: type)
      let encoded = try converted.withUnsafeBytes { try chunk($0, width: type.byteWidth) }
      return Product(chunks: [encoded], statistics: compared(bytes, description.dtype, with: converted, type))
    case .quantize, .entropy:
      guard let coding else { preconditionFailure("\(description.name) is quantized without a coding") }
      let (rows, statistics) = try quantized(bytes, block, description, coding)
      let layouts = entry.encoding.streams(shape: description.shape, dtype: description.dtype) ?? []
      // What all rows share is stored once.
      let stored = zip(rows.streams, layouts).filter { $0.1.span == .row || block.chunkIndex == 0 }
      let chunks = try stored.map { stream, layout in
        try stream.withUnsafeBytes { try chunk($0, width: layout.elementByteCount) }
      }
      return Product(chunks: chunks, statistics: statistics)
    }
  }

  private func chunk(_ bytes: UnsafeRawBufferPointer, width: Int) throws -> EncodedChunk {
    try chunkEncoder.encode(bytes, elementByteCount: width, policy: policy)
  }

  private func quantized(
    _ bytes: UnsafeRawBufferPointer, _ block: RowBlock, _ tensor: TensorDescription, _ coding: RowCoding
  ) throws -> (EncodedRows, QuantizationStatistics) {
    do {
      return try quantizer.encode(
        bytes, type: tensor.dtype, columns: tensor.shape.columnCount, coding: coding)
    } catch var error as FusionError {
      error.place = "tensor \(tensor.name), rows from \(block.rows.lowerBound): \(error.place ?? "")"
      throw error.inFile(source.files[tensor.fileIndex].path)
    }
  }

  private func observed(_ bytes: UnsafeRawBufferPointer, _ type: DType) -> QuantizationStatistics {
    var statistics = QuantizationStatistics()
    statistics.moments = scanner.moments(of: bytes, type: type)
    return statistics
  }

  private func compared(
    _ bytes: UnsafeRawBufferPointer, _ type: DType, with converted: [UInt8], _ target: DType
  ) -> QuantizationStatistics {
    var statistics = observed(bytes, type)
    statistics.difference = scanner.difference(bytes, type, converted, target)
    return statistics
  }
}
