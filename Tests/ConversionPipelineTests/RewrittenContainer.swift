import ContainerFormat
import FusionCore

/// A container written anew with every checksum right and something in it changed: what a hostile writer would make.
struct RewrittenContainer {
  /// Changes the decoded bytes of the first chunk of a stream.
  var editChunk: (_ tensor: String, _ stream: TensorEncoding.StreamKind, _ bytes: inout [UInt8]) -> Void = { _, _, _ in
  }
  /// A container whose file of this name takes the place of the one inside, with its digest.
  var foreignFile: (name: String, container: String)?
  /// Changes the index last.
  var editIndex: (inout ContainerIndex) -> Void = { _ in }

  /// Copies a container with the edits; chunks are stored raw.
  func write(_ source: String, to output: String) throws {
    let reader = try ContainerReader(path: source)
    let writer = try ContainerWriter(path: output, replacing: false)
    let (encoder, decoder) = (ChunkEncoder(), ChunkDecoder())
    var index = reader.index
    for (position, file) in index.files.enumerated() {
      var origin = reader
      if let foreignFile, foreignFile.name == file.name { origin = try ContainerReader(path: foreignFile.container) }
      let digest = origin.index.files.first { $0.name == file.name }?.sha256 ?? []
      index.files[position] = try writer.append(
        fileNamed: file.name, try origin.readFile(file.name), sha256: digest, policy: .raw, using: encoder)
    }
    for (position, tensor) in reader.index.tensors.enumerated() {
      for (number, stream) in tensor.streams.enumerated() {
        for chunk in stream.chunks.indices {
          var bytes = try reader.decode(tensor, stream.kind, chunk: chunk, using: decoder)
          if chunk == 0 { editChunk(tensor.name, stream.kind, &bytes) }
          let encoded = try bytes.withUnsafeBytes { try encoder.encode($0, elementByteCount: 1, policy: .raw) }
          index.tensors[position].streams[number].chunks[chunk] = try writer.append(encoded)
        }
      }
    }
    editIndex(&index)
    _ = try writer.finish(index: index)
  }
}
