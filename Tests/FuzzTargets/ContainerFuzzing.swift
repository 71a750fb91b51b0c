import ContainerFormat
import FusionCore

/// A container's chunks and index, put between a valid header and footer: checksums would stop every other mutation.
///
/// An input is a 32-bit little-endian count, so many bytes of chunks, and the bytes of an index.
enum ContainerFuzzing {
  private static let name = "fuzz.fusion"
  /// Most bytes that one input decodes; an index of a few bytes may claim chunks of 16 MiB each.
  private static let mostDecodedBytes = 1 << 20

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    var cursor = ByteCursor(bytes)
    guard let count = cursor.integer(UInt32.self), let chunks = cursor.slice(Int(count)),
      let index = cursor.slice(cursor.remaining)
    else { return }
    let contents = ContainerFrame.file(chunks: Array(chunks), index: Array(index))
    try ScratchFile.with(contents, name) { path in
      let reader = try ContainerReader(path: path)
      try checkOrder(reader)
      try checkChunks(reader, path)
    }
  }

  /// Chunks lie between header and index, none on another, each stream with the bytes of its tensor.
  private static func checkOrder(_ reader: ContainerReader) throws {
    let index = reader.index
    let ofTensors = index.tensors.flatMap { $0.streams.flatMap(\.chunks) }
    let chunks = (ofTensors + index.files.flatMap(\.chunks)).sorted { $0.offset < $1.offset }
    var end = ContainerLimits.headerByteCount
    for chunk in chunks {
      try FuzzFinding.require(
        chunk.offset >= end && chunk.storedByteCount <= reader.byteCount - chunk.offset,
        "a chunk at \(chunk.offset) before \(end), or beyond the file")
      end = chunk.offset + chunk.storedByteCount
    }
    for tensor in index.tensors {
      guard let grid = tensor.grid else { throw FuzzFinding("\(tensor.name) has no grid") }
      for (stream, layout) in zip(tensor.streams, grid.streams) {
        let rawByteCount = stream.chunks.reduce(0) { $0 + $1.rawByteCount }
        try FuzzFinding.require(
          rawByteCount == layout.byteCount(rows: grid.rowCount),
          "\(tensor.name), \(stream.kind): \(rawByteCount) bytes for \(grid.rowCount) rows")
      }
      try FuzzFinding.require(
        reader.tensor(canonicalName: tensor.canonicalName) == tensor, "\(tensor.canonicalName) is not found")
    }
    for alias in index.aliases {
      try FuzzFinding.require(
        reader.tensor(canonicalName: alias.canonicalName)?.canonicalName == alias.targetCanonicalName,
        "alias \(alias.canonicalName) leads elsewhere")
    }
  }

  /// Decodes what is small enough; where everything decodes, a container written anew holds the same.
  private static func checkChunks(_ reader: ContainerReader, _ path: String) throws {
    let index = reader.index
    let ofTensors = index.tensors.flatMap { $0.streams.flatMap(\.chunks) }
    let rawByteCount = (ofTensors + index.files.flatMap(\.chunks)).reduce(0) { $0 + $1.rawByteCount }
    guard rawByteCount <= mostDecodedBytes else { return }
    try reader.verifyPadding()
    let content = try ContainerContent(reader)
    let written = try FuzzFinding.accepting("the writer") { try content.rewritten(index) }
    try FuzzFinding.require(written.content == content, "the content changed by being written")
    try FuzzFinding.require(
      ContainerContent.withoutChunks(written.index) == ContainerContent.withoutChunks(index),
      "the index changed by being written")
  }
}
