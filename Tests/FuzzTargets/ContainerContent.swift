import ContainerFormat
import FusionCore
import Glibc

/// All decoded bytes of a container.
struct ContainerContent: Equatable {
  /// For each tensor, stream and chunk, in the order of the index.
  private var tensors: [[[[UInt8]]]]
  private var files: [[UInt8]]

  /// Decodes everything.
  init(_ reader: ContainerReader) throws {
    let decoder = ChunkDecoder()
    tensors = try reader.index.tensors.map { tensor in
      try tensor.streams.map { stream in
        try stream.chunks.indices.map { chunk in
          let bytes = try reader.decode(tensor, stream.kind, chunk: chunk, using: decoder)
          try FuzzFinding.require(
            bytes.count == stream.chunks[chunk].rawByteCount, "\(bytes.count) bytes from chunk \(chunk)")
          return bytes
        }
      }
    }
    files = try reader.index.files.map { file in
      let bytes = try reader.readFile(file.name)
      try FuzzFinding.require(bytes.count == file.byteCount, "\(bytes.count) bytes of \(file.name)")
      return bytes
    }
  }

  /// Writes a container of this content and of an index whose chunks are made anew, and reads it.
  func rewritten(_ index: ContainerIndex) throws -> (content: ContainerContent, index: ContainerIndex) {
    let path = ScratchFile.path("written.fusion")
    defer { unlink(path) }
    let writer = try ContainerWriter(path: path, replacing: true)
    let encoder = ChunkEncoder()
    var index = index
    for (position, tensor) in index.tensors.enumerated() {
      let layouts = tensor.grid?.streams ?? []
      for (number, (stream, layout)) in zip(tensor.streams, layouts).enumerated() {
        let chunks = try tensors[position][number].map { bytes in
          let chunk = try bytes.withUnsafeBytes {
            try encoder.encode($0, elementByteCount: layout.elementByteCount, policy: .zstd)
          }
          return try writer.append(chunk)
        }
        index.tensors[position].streams[number] = ContainerStream(kind: stream.kind, chunks: chunks)
      }
    }
    for (position, file) in index.files.enumerated() {
      index.files[position] = try writer.append(
        fileNamed: file.name, files[position], sha256: file.sha256, policy: .zstd, using: encoder)
    }
    _ = try writer.finish(index: index)
    let reader = try ContainerReader(path: path)
    return (try ContainerContent(reader), reader.index)
  }

  /// An index with everything in it but where its chunks lie and how they are coded.
  static func withoutChunks(_ index: ContainerIndex) -> ContainerIndex {
    var index = index
    for position in index.tensors.indices {
      index.tensors[position].streams = index.tensors[position].streams.map { .init(kind: $0.kind, chunks: []) }
    }
    for position in index.files.indices { index.files[position].chunks = [] }
    return index
  }
}
