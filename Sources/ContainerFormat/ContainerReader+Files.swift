import FusionCore
import MappedFiles

extension ContainerReader {
  /// The content of a small file, its chunks proven; comparing the SHA-256 is left to the caller.
  ///
  /// - Throws: `.containerNoSuchFile`; `.containerChunkDamaged` and what `ZstdDecoder` throws, with file and chunk.
  public func readFile(_ name: String, using decoder: ChunkDecoder = ChunkDecoder()) throws -> [UInt8] {
    guard let entry = index.files.first(where: { $0.name == name }) else {
      throw FusionError.container(
        .containerNoSuchFile, "the container has no such file", place: IndexPlace.file(name),
        expected: index.files.map(\.name).joined(separator: ", "), found: name, remedy: "name one of its files"
      ).inFile(path)
    }
    return try [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
      let ranges = ContainerFile.chunkRanges(byteCount: entry.byteCount)
      for (number, (chunk, range)) in zip(entry.chunks, ranges).enumerated() {
        let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[range])
        do {
          try file.withBytes(in: ContainerReader.range(chunk)) {
            try decoder.decode($0, chunk, elementByteCount: 1, into: room)
          }
        } catch let error as FusionError {
          throw error.inPlace(IndexPlace.chunk(IndexPlace.file(name), number)).inFile(path)
        }
      }
      count = entry.byteCount
    }
  }

  /// Proves that all bytes between the parts of the file are 0. Reads nothing but them.
  ///
  /// - Throws: `.containerPaddingNotZero`, `.changedWhileReading`.
  public func verifyPadding() throws {
    let ofTensors = index.tensors.flatMap { $0.streams.flatMap(\.chunks) }
    let chunks = (ofTensors + index.files.flatMap(\.chunks)).sorted { $0.offset < $1.offset }
    var end = ContainerLimits.headerByteCount
    for chunk in chunks {
      try verifyZero(end..<chunk.offset)
      end = ContainerReader.range(chunk).upperBound
    }
    guard let indexOffset = CheckedArithmetic.aligned(end, to: ContainerLimits.chunkAlignment) else {
      preconditionFailure("a proven index ends behind 2^63")
    }
    try verifyZero(end..<indexOffset)
  }

  private func verifyZero(_ range: Range<Int>) throws {
    guard !range.isEmpty else { return }
    let position = try file.withBytes(in: range) { $0.firstIndex { $0 != 0 } }
    guard let position else { return }
    throw FusionError.container(
      .containerPaddingNotZero, "bytes between chunks are used", place: "offset \(range.lowerBound + position)",
      expected: "0", found: "another byte"
    ).inFile(path)
  }
}
