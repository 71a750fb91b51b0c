import ContainerFormat
import FusionCore

/// A container written anew with few rows in a chunk, so that small tensors have many.
struct FinelyCutContainer: Sendable {
  /// Rows of each chunk but a tensor's last.
  var rowsPerChunk = 7
  /// How the chunks of a stream are stored.
  var policy: @Sendable (TensorEncoding.StreamKind) -> CompressionPolicy = { _ in .raw }

  /// Copies a container; the chunks of a tensor's streams alternate, as a converter writes them.
  func write(_ source: String, to output: String) throws {
    let reader = try ContainerReader(path: source)
    let writer = try ContainerWriter(path: output, replacing: false)
    let (encoder, decoder) = (ChunkEncoder(), ChunkDecoder())
    var index = reader.index
    for (position, file) in index.files.enumerated() {
      index.files[position] = try writer.append(
        fileNamed: file.name, try reader.readFile(file.name), sha256: file.sha256, policy: .raw, using: encoder)
    }
    for (position, tensor) in reader.index.tensors.enumerated() {
      let layouts = tensor.encoding.streams(shape: tensor.shape, dtype: tensor.dtype) ?? []
      let whole = try tensor.streams.map { stream in
        try stream.chunks.indices.flatMap {
          try reader.decode(tensor, stream.kind, chunk: $0, using: decoder)
        }
      }
      let rowCount = tensor.shape.rowCount
      index.tensors[position].rowsPerChunk = min(rowsPerChunk, rowCount)
      for number in layouts.indices { index.tensors[position].streams[number].chunks = [] }
      for start in stride(from: 0, to: rowCount, by: rowsPerChunk) {
        for (number, layout) in layouts.enumerated() where layout.span == .row || start == 0 {
          let bytes = whole[number][layout.range(rows: start..<min(start + rowsPerChunk, rowCount))]
          let chunk = try Array(bytes).withUnsafeBytes {
            try encoder.encode($0, elementByteCount: layout.elementByteCount, policy: policy(layout.kind))
          }
          index.tensors[position].streams[number].chunks.append(try writer.append(chunk))
        }
      }
    }
    _ = try writer.finish(index: index)
  }
}
