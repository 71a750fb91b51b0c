import FusionCore
import FusionRuntime
import NumericKernels
import Quantizers
import WeightGraph

/// The weights of a model as a conversion would hold them, quantized when they are asked for; nothing is written.
struct TrialWeights: ModelWeights {
  private let base: any ModelWeights
  private let converter: Converter
  private let planner: RowCodingPlanner
  private let entries: [String: PlannedTensor]

  init(_ base: any ModelWeights, converter: Converter) {
    self.base = base
    self.converter = converter
    planner = RowCodingPlanner(converter)
    entries = Dictionary(
      converter.plan.entries.map { ($0.tensor.description.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var configuration: ModelConfiguration { base.configuration }

  func matrix(_ name: String) throws -> WeightMatrix {
    try matrix(name, team: WorkerTeam(threads: converter.execution.threads))
  }

  func matrices(
    _ names: [String], team: WorkerTeam, onLoaded: @Sendable (_ position: Int) -> Void
  ) throws -> [WeightMatrix] {
    try names.enumerated().map { position, name in
      let matrix = try matrix(name, team: team)
      onLoaded(position)
      return matrix
    }
  }

  func checkUnchanged() throws { try base.checkUnchanged() }

  private func matrix(_ name: String, team: WorkerTeam) throws -> WeightMatrix {
    guard let tensor = converter.checkpoint.graph.tensor(named: name)?.description, let entry = entries[tensor.name],
      entry.encoding.isQuantized, let layouts = entry.encoding.streams(shape: tensor.shape, dtype: tensor.dtype)
    else { return try base.matrix(name) }
    let coding = try planner.coding(of: entry)
    let blocks = RowBlock.blocks(ofEntry: 0, rowCount: tensor.shape.rowCount, rowsPerChunk: entry.rowsPerChunk)
    let memories = blocks.map { block in
      AlignedMemory(byteCounts: layouts.map { $0.byteCount(rows: block.rows.count) })
    }
    let (source, kernels) = (converter.checkpoint.source, converter.execution.kernels)
    try team.runThrowing(count: blocks.count) { _, index in
      let range = blocks[index].byteRange(in: tensor)
      defer { source.discard(tensor, in: range) }
      let rows = try source.withBytes(of: tensor, in: range) { bytes in
        try RowQuantizer(kernels: kernels).encode(
          bytes, type: tensor.dtype, columns: tensor.shape.columnCount, coding: coding
        ).rows
      }
      for (buffer, stream) in zip(memories[index].buffers, rows.streams) { buffer.copyBytes(from: stream) }
    }
    return WeightMatrix(
      name: name, shape: tensor.shape, dtype: tensor.dtype, encoding: entry.encoding, rowsPerPart: entry.rowsPerChunk,
      parts: memories.map { memory in memory.buffers.map { UnsafeRawBufferPointer($0) } }, owner: memories)
  }
}
