import ContainerFormat
import Foundation
import FusionCore
import TestSupport
import Testing

@Suite struct RoundTripTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("model.fusion")
  }

  @Test func everythingComesBack() throws {
    let sample = try SampleContainer.write(to: path)
    let reader = try ContainerReader(path: path)
    #expect(reader.index == sample.index)
    #expect(reader.byteCount == sample.byteCount)
    let decoder = ChunkDecoder()
    for (tensor, raw) in zip(reader.index.tensors, sample.raw) {
      for (stream, expected) in zip(tensor.streams, raw) {
        let decoded = try stream.chunks.indices.flatMap {
          try reader.decode(tensor, stream.kind, chunk: $0, using: decoder)
        }
        #expect(decoded == expected, "\(tensor.name) \(stream.kind)")
      }
    }
    for (name, bytes) in sample.files { #expect(try reader.readFile(name) == bytes) }
    try reader.verifyPadding()
    #expect(try folder.names() == ["model.fusion"])
  }

  /// The sample is only a good base for damage tests if it has every coding and shorter last chunks.
  @Test func theSampleIsVaried() throws {
    let sample = try SampleContainer.write(to: path)
    let chunks = sample.index.tensors.flatMap { $0.streams.flatMap(\.chunks) } + sample.index.files.flatMap(\.chunks)
    #expect(Set(chunks.map(\.coding)) == Set(ChunkCoding.allCases))
    #expect(Set(sample.index.tensors.map(\.encoding.kind)) == Set(TensorEncoding.Kind.allCases))
    #expect(sample.index.tensors.contains { $0.shape.rowCount % $0.rowsPerChunk != 0 })
    #expect(sample.byteCount < 6000)
  }

  @Test func equalInputGivesEqualBytes() throws {
    try SampleContainer.write(to: path)
    let other = folder.file("other.fusion")
    try SampleContainer.write(to: other)
    #expect(try fileBytes(path) == fileBytes(other))
  }

  @Test func rawChunksAreLentInPlaceAndAligned() throws {
    let sample = try SampleContainer.write(to: path)
    let reader = try ContainerReader(path: path)
    let tensor = try #require(reader.tensor(canonicalName: "s.c"))
    let stream = try #require(tensor.streams.first)
    let lent = try reader.withRawChunk(tensor, .codes, chunk: 1) { (Array($0), Int(bitPattern: $0.baseAddress) % 64) }
    let (bytes, misalignment) = try #require(lent)
    #expect(bytes == Array(sample.raw[2][0].suffix(stream.chunks[1].rawByteCount)))
    #expect(misalignment == 0)
    let compressed = try #require(reader.tensor(canonicalName: "s.a"))
    #expect(try reader.withRawChunk(compressed, .values, chunk: 0) { $0.count } == nil)
  }

  @Test func aliasesResolve() throws {
    try SampleContainer.write(to: path)
    let reader = try ContainerReader(path: path)
    #expect(reader.tensor(canonicalName: "s.tied")?.name == "source.b")
    #expect(reader.tensor(canonicalName: "s.none") == nil)
  }

  @Test func aFileOfSeveralChunks() throws {
    var generator = SplitMix64(seed: 3)
    let large = SampleContainer.bytes(2 * ContainerLimits.fileChunkByteCount + 5, width: 1, &generator)
    let writer = try ContainerWriter(path: path, replacing: false)
    var index = SampleContainer.emptyIndex
    for policy in CompressionPolicy.allCases {
      index.files.append(
        try writer.append(
          fileNamed: policy.rawValue, large, sha256: SampleContainer.digest(0), policy: policy, using: ChunkEncoder()))
    }
    _ = try writer.finish(index: index)
    let reader = try ContainerReader(path: path)
    for file in reader.index.files {
      #expect(file.chunks.count == 3)
      #expect(try reader.readFile(file.name) == large)
    }
    #expect(reader.index.files[0].chunks.allSatisfy { $0.coding == .raw })
    #expect(reader.index.files[1].chunks[0].storedByteCount < ContainerLimits.fileChunkByteCount / 3)
  }

  @Test func chunksAreReadBackBeforeTheFileHasItsName() throws {
    let raw = [UInt8](repeating: 1, count: 3000)
    let writer = try ContainerWriter(path: path, replacing: false)
    let encoded = try raw.withUnsafeBytes { try ChunkEncoder().encode($0, elementByteCount: 2, policy: .zstd) }
    #expect(encoded.coding == .planesZstd)
    let chunk = try writer.append(encoded)
    #expect(try writer.readBack(chunk) == encoded.stored)
    var decoded = [UInt8](repeating: 0, count: raw.count)
    try decoded.withUnsafeMutableBytes {
      try writer.readBack(chunk, elementByteCount: 2, into: $0, using: ChunkDecoder())
    }
    #expect(decoded == raw)
    var wrong = chunk
    wrong.checksum ^= 1
    let error = #expect(throws: FusionError.self) { try writer.readBack(wrong) }
    #expect(error?.code == .containerChunkDamaged)
    #expect(error?.place == "chunk at offset 64")
    #expect(try folder.names() == [])
  }

  @Test func incompressibleChunksStayRaw() throws {
    var generator = SplitMix64(seed: 5)
    let noise = (0..<4096).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    for width in [1, 2, 4, 8] {
      let chunk = try noise.withUnsafeBytes { try ChunkEncoder().encode($0, elementByteCount: width, policy: .zstd) }
      #expect(chunk.coding == .raw && chunk.stored == noise)
    }
  }

  @Test func theWriterRefusesWhatAReaderWould() throws {
    let writer = try ContainerWriter(path: path, replacing: false)
    var index = SampleContainer.emptyIndex
    index.files = [ContainerFile(name: "../evil", byteCount: 0, chunks: [], sha256: SampleContainer.digest(0))]
    let error = #expect(throws: FusionError.self) { try writer.finish(index: index) }
    #expect(error?.code == .containerInvalidText)
    #expect(error?.file == path)
    #expect(error?.found == "../evil")
    #expect(try folder.names() == [])
  }

  @Test func theWriterNoticesAForgottenChunk() throws {
    let writer = try ContainerWriter(path: path, replacing: false)
    _ = try writer.append(
      [UInt8](repeating: 0, count: 100).withUnsafeBytes {
        try ChunkEncoder().encode($0, elementByteCount: 1, policy: .raw)
      })
    let error = #expect(throws: FusionError.self) { try writer.finish(index: SampleContainer.emptyIndex) }
    #expect(error?.code == .containerIndexMisplaced)
    #expect(error?.expected == "offset 64")
    #expect(error?.found == "offset 192")
  }

  @Test func rowsPerChunkFollowTheWidestStream() throws {
    let shape = Shape.matrix(rows: 1000, columns: 300)
    func rows(_ encoding: TensorEncoding, _ target: Int) -> Int? {
      ChunkGrid.rowsPerChunk(encoding: encoding, shape: shape, dtype: .bf16, targetByteCount: target)
    }
    #expect(rows(.verbatim, 6000) == 10)
    #expect(rows(.int8PerChannel, 6000) == 20)
    #expect(rows(.verbatim, 1) == 1)
    #expect(rows(.verbatim, 16 << 20) == 1000)
    let wide = Shape.matrix(rows: 2, columns: (8 << 20) + 1)
    #expect(ChunkGrid.rowsPerChunk(encoding: .verbatim, shape: wide, dtype: .bf16, targetByteCount: 1) == nil)
  }
}

/// The bytes of a file.
func fileBytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
