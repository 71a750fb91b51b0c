import ContainerFormat
import FusionCore
import TestSupport
import Testing

/// As many entries as the format allows: what is quadratic would not end in time here.
@Suite struct ScaleTests {
  @Test(.timeLimit(.minutes(1))) func theMostTensorsAndChunks() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model.fusion")
    let writer = try ContainerWriter(path: path, replacing: false)
    let encoder = ChunkEncoder()
    var index = SampleContainer.emptyIndex
    let chunksOfEach = ContainerLimits.maximumChunkCount / ContainerLimits.maximumTensorCount
    let shape = try #require(Shape([chunksOfEach]))
    let byte = try [UInt8(1)].withUnsafeBytes { try encoder.encode($0, elementByteCount: 1, policy: .raw) }
    for position in 0..<ContainerLimits.maximumTensorCount {
      let chunks = try (0..<chunksOfEach).map { _ in try writer.append(byte) }
      index.tensors.append(
        ContainerTensor(
          name: "n\(position)", canonicalName: "c\(position)", role: "", dtype: .u8, shape: shape, encoding: .verbatim,
          rowsPerChunk: 1, streams: [ContainerStream(kind: .values, chunks: chunks)], sourceFileIndex: 0))
    }
    let size = try writer.finish(index: index)
    let reader = try ContainerReader(path: path)
    #expect(reader.byteCount == size)
    #expect(reader.index == index)
    let one = try #require(index.tensors.last)
    index.tensors.append(one)
    let error = #expect(throws: FusionError.self) { try ContainerSizeForecast().finish(index: index) }
    #expect(error?.code == .containerTooMany)
  }
}
