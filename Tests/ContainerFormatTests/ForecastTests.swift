import ContainerFormat
import FusionCore
import TestSupport
import Testing

@Suite struct ForecastTests {
  /// Replays a container's chunks in file order with the sizes known, but no checksum, digest or statistic.
  private func forecast(_ sample: SampleContainer) throws -> Int {
    var index = sample.index
    var forecast = ContainerSizeForecast()
    func place(_ chunk: ContainerChunk) throws -> ContainerChunk {
      try forecast.append(
        storedByteCount: chunk.storedByteCount, rawByteCount: chunk.rawByteCount, coding: chunk.coding)
    }
    for (position, tensor) in index.tensors.enumerated() {
      for chunk in tensor.streams.first?.chunks.indices ?? 0..<0 {
        for stream in tensor.streams.indices {
          index.tensors[position].streams[stream].chunks[chunk] = try place(tensor.streams[stream].chunks[chunk])
        }
      }
      if tensor.statistics != nil { index.tensors[position].statistics = .placeholder }
    }
    for (position, file) in index.files.enumerated() {
      index.files[position].chunks = try file.chunks.map(place)
      index.files[position].sha256 = SampleContainer.digest(0)
    }
    return try forecast.finish(index: index)
  }

  @Test func exactWhereStoredSizesAreKnown() throws {
    let folder = try TemporaryFolder()
    let sample = try SampleContainer.write(to: folder.file("model.fusion"))
    #expect(try forecast(sample) == sample.byteCount)
  }

  @Test func exactForRawContainers() throws {
    let folder = try TemporaryFolder()
    let plans = SampleContainer.plans.map {
      var plan = $0
      plan.policy = .raw
      return plan
    }
    let sample = try SampleContainer.write(to: folder.file("model.fusion"), plans: plans)
    #expect(try forecast(sample) == sample.byteCount)
  }

  @Test func filesCountAsRaw() throws {
    let folder = try TemporaryFolder()
    let bytes = [UInt8](repeating: 7, count: ContainerLimits.fileChunkByteCount + 1)
    let writer = try ContainerWriter(path: folder.file("m.fusion"), replacing: false)
    var index = SampleContainer.emptyIndex
    index.files = [
      try writer.append(
        fileNamed: "c", bytes, sha256: SampleContainer.digest(1), policy: .raw, using: ChunkEncoder())
    ]
    let size = try writer.finish(index: index)
    var forecast = ContainerSizeForecast()
    index.files = [try forecast.append(fileNamed: "c", byteCount: bytes.count)]
    #expect(try forecast.finish(index: index) == size)
  }
}
