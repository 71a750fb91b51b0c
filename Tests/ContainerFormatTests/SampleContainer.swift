import ContainerFormat
import FusionCore
import TestSupport
import Testing

/// A small container with every encoding and coding, several ragged chunks, an alias and two files.
struct SampleContainer {
  /// Raw bytes of every stream of every tensor, in the order of the index.
  var raw: [[[UInt8]]] = []
  var files: [String: [UInt8]] = [:]
  var index = SampleContainer.emptyIndex
  var byteCount = 0

  static let emptyIndex = ContainerIndex(
    tensors: [],
    provenance: Provenance(
      producer: "test 1", sourceKind: "safetensors", modelFamily: "tiny", recipe: "{\n\t\"quant\": \"int4\"\n}",
      sources: [
        ProvenanceSource(name: "model-1.safetensors", byteCount: 10, sha256: digest(1)),
        ProvenanceSource(name: "part/model-2.safetensors", byteCount: 20, sha256: digest(2)),
      ],
      fallbacks: [ProvenanceFallback(tensor: "s.b", requested: "int4", used: "verbatim", reason: "small")],
      notices: ["a notice"]))

  static func digest(_ value: UInt8) -> [UInt8] { [UInt8](repeating: value, count: 32) }

  struct Plan {
    var name: String
    var encoding: TensorEncoding
    var dtype: DType
    var dimensions: [Int]
    var rowsPerChunk: Int
    var policy: CompressionPolicy
    var hasStatistics = false
  }

  static let plans: [Plan] = [
    Plan(name: "a", encoding: .verbatim, dtype: .bf16, dimensions: [5, 60], rowsPerChunk: 2, policy: .zstd),
    Plan(
      name: "b", encoding: encoding(.int8, 32), dtype: .bf16, dimensions: [3, 70], rowsPerChunk: 2, policy: .zstd,
      hasStatistics: true),
    Plan(
      name: "c", encoding: encoding(.int4Asymmetric, 16), dtype: .f32, dimensions: [2, 37], rowsPerChunk: 1,
      policy: .raw),
    Plan(
      name: "d", encoding: encoding(.int4Symmetric, 64), dtype: .f16, dimensions: [2, 2, 3], rowsPerChunk: 2,
      policy: .raw),
    Plan(name: "e", encoding: .verbatim, dtype: .f32, dimensions: [], rowsPerChunk: 1, policy: .zstd),
    Plan(name: "f", encoding: .int8PerChannel, dtype: .f32, dimensions: [3, 5], rowsPerChunk: 3, policy: .raw),
    Plan(
      name: "g", encoding: encoding(.int4NonLinear, 32), dtype: .bf16, dimensions: [3, 47], rowsPerChunk: 2,
      policy: .zstd),
  ]

  static func encoding(_ kind: TensorEncoding.Kind, _ groupSize: Int) -> TensorEncoding {
    guard let encoding = TensorEncoding(kind: kind, groupSize: groupSize) else {
      preconditionFailure("group size \(groupSize)")
    }
    return encoding
  }

  /// Writes the container to a path.
  @discardableResult
  static func write(to path: String, plans: [Plan] = plans, replacing: Bool = false) throws -> SampleContainer {
    var sample = SampleContainer()
    let writer = try ContainerWriter(path: path, replacing: replacing)
    let encoder = ChunkEncoder()
    var generator = SplitMix64(seed: 7)
    for plan in plans { try sample.append(plan, writer, encoder, &generator) }
    let config = Array(String(repeating: "{\"hidden_size\": 3072}\n", count: 8).utf8)
    for (name, bytes) in [("config.json", config), ("empty.json", [])] {
      sample.files[name] = bytes
      sample.index.files.append(
        try writer.append(fileNamed: name, bytes, sha256: digest(9), policy: .zstd, using: encoder))
    }
    sample.index.aliases = [
      ContainerAlias(canonicalName: "s.tied", targetCanonicalName: "s.b", name: "source.tied"),
      ContainerAlias(canonicalName: "s.tied2", targetCanonicalName: "s.b"),
    ]
    sample.byteCount = try writer.finish(index: sample.index)
    return sample
  }

  private mutating func append(
    _ plan: Plan, _ writer: ContainerWriter, _ encoder: ChunkEncoder, _ generator: inout SplitMix64
  ) throws {
    let shape = try #require(Shape(plan.dimensions))
    let grid = try #require(
      ChunkGrid(encoding: plan.encoding, shape: shape, dtype: plan.dtype, rowsPerChunk: plan.rowsPerChunk))
    var streams = grid.streams.map { ContainerStream(kind: $0.kind, chunks: []) }
    let raw = grid.streams.map { layout in
      SampleContainer.bytes(layout.byteCount(rows: grid.rowCount), width: layout.elementByteCount, &generator)
    }
    for chunk in 0..<grid.chunkCount {
      let rows = grid.rows(ofChunk: chunk)
      for (position, layout) in grid.streams.enumerated() where chunk < grid.chunkCount(layout) {
        let part = raw[position][layout.range(rows: rows)]
        let encoded = try part.withUnsafeBytes {
          try encoder.encode($0, elementByteCount: layout.elementByteCount, policy: plan.policy)
        }
        streams[position].chunks.append(try writer.append(encoded))
      }
    }
    self.raw.append(raw)
    let statistics = TensorStatistics(
      minimum: -1, maximum: 1, mean: 0, standardDeviation: 0.5, signalEnergy: 3, errorEnergy: 0)
    index.tensors.append(
      ContainerTensor(
        name: "source.\(plan.name)", canonicalName: "s.\(plan.name)", role: "role", dtype: plan.dtype, shape: shape,
        encoding: plan.encoding, rowsPerChunk: plan.rowsPerChunk, streams: streams,
        sourceFileIndex: index.tensors.count % 2, statistics: plan.hasStatistics ? statistics : nil))
  }

  /// Bytes that compress: elements whose top byte hardly varies, codes near zero.
  static func bytes(_ count: Int, width: Int, _ generator: inout SplitMix64) -> [UInt8] {
    (0..<count).map { position in
      let random = UInt8(truncatingIfNeeded: generator.next())
      if width == 1 { return random & 3 &- 1 }
      return position % width == width - 1 ? 0x3E | random & 0x80 : random
    }
  }
}

/// Opens a container and proves everything in it that a reader can prove.
func verifyCompletely(_ path: String, using decoder: ChunkDecoder = ChunkDecoder()) throws {
  let reader = try ContainerReader(path: path)
  for tensor in reader.index.tensors {
    for stream in tensor.streams {
      for chunk in stream.chunks.indices { _ = try reader.decode(tensor, stream.kind, chunk: chunk, using: decoder) }
    }
  }
  for file in reader.index.files { _ = try reader.readFile(file.name, using: decoder) }
  try reader.verifyPadding()
}
