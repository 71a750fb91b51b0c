import ContainerFormat
import FusionCore

/// The weights of a container that holds them unquantized, as a source of another conversion.
///
/// Chunks are decoded when they are asked for, and the last few kept: readers come back to a block soon or never.
struct ContainerSource: WeightSource {
  let formatName = "fusion"
  let files: [SourceFile]
  let tensors: [TensorDescription]
  let aliases: [String: String]
  let notices: [String]

  private let model: ContainerModel
  private let positions: [String: Int]
  private let cache = Protected(Cache())

  /// Decoded chunks that are kept, the last one last.
  private struct Cache {
    var chunks: [(position: Int, chunk: Int, bytes: [UInt8])] = []
    var decoders: [ThreadDecoder] = []
  }
  private static let keptChunkCount = 16

  /// Opens the weights of a container.
  ///
  /// - Throws: `.sourceIsQuantized` if values were rounded already.
  init(_ model: ContainerModel) throws {
    let index = model.reader.index
    try Self.refuseQuantized(index, model.path)
    self.model = model
    let name = model.path.split(separator: "/").last.map(String.init) ?? model.path
    files = [SourceFile(name: name, path: model.path, byteCount: model.reader.byteCount)]
    positions = Dictionary(model.names.map { ($0.name, $0.position) }, uniquingKeysWith: { first, _ in first })
    aliases = model.aliases
    tensors = model.descriptions.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    notices = index.provenance.notices
  }

  /// Rounding twice loses more than once, and nobody could tell how much.
  private static func refuseQuantized(_ index: ContainerIndex, _ path: String) throws {
    let quantized = index.tensors.filter(\.encoding.isQuantized)
    guard let first = quantized.first else { return }
    let names = Set(quantized.map(RecordedSchemes(index).name)).sorted()
    let schemes = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    throw FusionError(
      .sourceIsQuantized, "the source is quantized already", file: path, place: "tensor \(first.name)",
      expected: "a checkpoint, or a container that was made with --quant keep, bf16 or f32",
      found:
        "a .fusion container, \(quantized.count) of its \(index.tensors.count) tensors quantized already as \(schemes)",
      remedy: "give the checkpoint that it was made from; if that is lost, write this one out first: fusion-convert "
        + "export \(path) FOLDER")
  }

  func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard !range.isEmpty else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    let position = position(of: tensor)
    let entry = model.reader.index.tensors[position]
    let chunkByteCount = max(entry.rowsPerChunk * entry.shape.columnCount * entry.dtype.byteWidth, 1)
    let chunks = range.lowerBound / chunkByteCount...(range.upperBound - 1) / chunkByteCount
    if chunks.count == 1 {
      let bytes = try decoded(position, chunks.lowerBound)
      let start = chunks.lowerBound * chunkByteCount
      return try bytes.withUnsafeBytes {
        try body(UnsafeRawBufferPointer(rebasing: $0[(range.lowerBound - start)..<(range.upperBound - start)]))
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for chunk in chunks {
      let start = chunk * chunkByteCount
      let part = try decoded(position, chunk)
      bytes += part[max(range.lowerBound - start, 0)..<min(range.upperBound - start, part.count)]
    }
    return try bytes.withUnsafeBytes(body)
  }

  func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(tensor.byteCount, 1), alignment: 64)
    do {
      try withBytes(of: tensor, in: 0..<tensor.byteCount) { room.copyMemory(from: $0) }
    } catch {
      room.deallocate()
      throw error
    }
    nonisolated(unsafe) let owned = room
    return BorrowedBytes(UnsafeRawBufferPointer(rebasing: owned[..<tensor.byteCount])) { owned.deallocate() }
  }

  func discard(_ tensor: TensorDescription, in range: Range<Int>) {}

  func checkUnchanged() throws { try model.reader.checkUnchanged() }

  private func position(of tensor: TensorDescription) -> Int {
    guard let position = positions[tensor.name] else {
      preconditionFailure("tensor \(tensor.name) is of another source")
    }
    return position
  }

  private func decoded(_ position: Int, _ chunk: Int) throws -> [UInt8] {
    let found = cache.withLock { cache in
      cache.chunks.last { $0.position == position && $0.chunk == chunk }?.bytes
    }
    if let found { return found }
    let decoder = cache.withLock { $0.decoders.popLast() } ?? ThreadDecoder()
    let entry = model.reader.index.tensors[position]
    let rows = chunk * entry.rowsPerChunk
    let block = RowBlock(
      entryIndex: position, chunkIndex: chunk, rows: rows..<min(rows + entry.rowsPerChunk, entry.shape.rowCount))
    let bytes = try model.streams(of: block, decoder: decoder.decoder)[0]
    cache.withLock { cache in
      cache.decoders.append(decoder)
      if cache.chunks.count >= Self.keptChunkCount { cache.chunks.removeFirst() }
      cache.chunks.append((position, chunk, bytes))
    }
    return bytes
  }
}

extension FusionError.Code {
  /// A container whose weights are codes was given where weights are to be converted.
  public static let sourceIsQuantized = Self("convert.sourceIsQuantized")
}
