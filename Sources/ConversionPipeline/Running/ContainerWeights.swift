import ContainerFormat
import FusionCore
import FusionRuntime
import WeightGraph

/// A container's weights as the runtime wants them: decompressed, codes still codes.
struct ContainerWeights: ModelWeights {
  let model: ContainerModel
  let configuration: ModelConfiguration

  private let graph: CanonicalGraph
  private let tensors: [String: ContainerTensor]

  /// Proves that the container's tensors are those of its configuration.
  ///
  /// - Throws: what is wrong with the configuration; `.graphMismatch`.
  init(_ model: ContainerModel) throws {
    graph = try model.graph()
    self.model = model
    configuration = graph.configuration
    tensors = Dictionary(
      model.reader.index.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func matrix(_ name: String) throws -> WeightMatrix {
    guard let found = graph.tensor(named: name), let tensor = tensors[found.description.name], let grid = tensor.grid
    else { throw FusionError.missingWeight(name, file: model.path) }
    guard tensor.dtype.isQuantizable else {
      throw FusionError.unusableWeight(name, tensor.dtype, file: model.path)
    }
    let decoder = ChunkDecoder()
    let memory = AlignedMemory(byteCounts: grid.streams.map { $0.byteCount(rows: grid.rowCount) })
    // All of it at once: waiting for the disk chunk by chunk would take several times as long.
    for stream in tensor.streams { stream.chunks.forEach(model.reader.willRead) }
    for (index, stream) in tensor.streams.enumerated() {
      var offset = 0
      for (chunk, entry) in stream.chunks.enumerated() {
        let room = memory.buffers[index][offset..<(offset + entry.rawByteCount)]
        try model.reader.decode(
          tensor, stream.kind, chunk: chunk, into: UnsafeMutableRawBufferPointer(rebasing: room), using: decoder)
        model.reader.discard(entry)
        offset += entry.rawByteCount
      }
    }
    return WeightMatrix(
      name: name, shape: tensor.shape, dtype: tensor.dtype, encoding: tensor.encoding,
      streams: memory.buffers.map { UnsafeRawBufferPointer($0) }, owner: memory)
  }

  func checkUnchanged() throws {
    // Every chunk was proven by its checksum when it was decoded, so a change since then does no harm.
  }
}
