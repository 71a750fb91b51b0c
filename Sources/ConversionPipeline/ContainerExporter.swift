import CheckpointLayout
import ContainerFormat
import FusionCore
import MappedFiles
import NumericKernels
import SafetensorsReader

/// Writes a container back as a Hugging Face folder: safetensors shards as the source had them, index, side files.
public struct ContainerExporter: Sendable {
  /// The container.
  public let model: ContainerModel
  /// Type of the float tensors; `nil` for each tensor's own, which gives kept tensors back bit for bit.
  public let dtype: DType?
  /// Threads and kernels.
  public let execution: ExecutionOptions

  /// Collects the fields.
  public init(model: ContainerModel, dtype: DType?, execution: ExecutionOptions) {
    self.model = model
    self.dtype = dtype
    self.execution = execution
  }

  /// Writes the folder; it gets its name only when it is complete.
  ///
  /// - Throws: `.outputExists` unless `replacing`, `.noSpace`, damage of the container.
  public func write(to output: String, replacing: Bool, progress: ProgressHandler? = nil) throws -> ExportReport {
    let clock = ContinuousClock()
    let start = clock.now
    let shards = shardPlan()
    let byteCount = shards.reduce(0) { $0 + $1.byteCount }
    try FreeSpace.require(byteCount, for: output)
    let folder = try AtomicFolder(path: output, replacing: replacing)
    var names: [String] = []
    var done = 0
    for shard in shards {
      try write(shard, to: folder.file(shard.name)) { count in
        done += count
        progress?(ProgressUpdate(step: "exporting", doneByteCount: done, totalByteCount: byteCount))
      }
      names.append(shard.name)
    }
    if shards.count > 1 {
      let map = shards.flatMap { shard in shard.tensors.map { (tensor: $0.name, file: shard.name) } }
      names.append(WeightFileNaming.safetensors.indexName)
      let index = CheckpointIndex(
        weightMap: Dictionary(map.map { ($0.tensor, $0.file) }, uniquingKeysWith: { a, _ in a }),
        totalByteCount: byteCount)
      try folder.write(index.serialized(), named: WeightFileNaming.safetensors.indexName)
    }
    for file in model.reader.index.files {
      try folder.write(try model.file(file.name), named: file.name)
      names.append(file.name)
    }
    try folder.commit()
    let tensors = model.reader.index.tensors
    return ExportReport(
      path: model.path, output: output, dtype: dtype?.rawValue, files: names, tensorCount: tensors.count,
      dequantizedTensorCount: tensors.filter(\.encoding.isQuantized).count,
      byteCount: byteCount + model.reader.index.files.reduce(0) { $0 + $1.byteCount },
      wallSeconds: (clock.now - start).seconds)
  }

  /// One file to write.
  private struct Shard {
    var name: String
    var tensors: [ShardTensor]
    var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }
  }

  private struct ShardTensor {
    let name: String
    let index: Int
    let dtype: DType
    let shape: Shape
    var byteCount: Int { shape.byteCount(of: dtype) ?? 0 }
  }

  /// The source's own distribution over files; within a file tensors stand in the order of their names.
  private func shardPlan() -> [Shard] {
    let index = model.reader.index
    let names = shardNames(of: index.provenance.sources.map(\.name))
    var shards = names.map { Shard(name: $0, tensors: []) }
    for (position, tensor) in index.tensors.enumerated() {
      let type = tensor.dtype.isQuantizable ? dtype ?? tensor.dtype : tensor.dtype
      shards[tensor.sourceFileIndex].tensors.append(
        ShardTensor(name: tensor.name, index: position, dtype: type, shape: tensor.shape))
    }
    for shard in shards.indices {
      shards[shard].tensors.sort { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    }
    return shards
  }

  /// The source's names where they are those that loaders look for, otherwise the standard ones in the same order.
  private func shardNames(of sources: [String]) -> [String] {
    if sources.count == 1 { return ["model.safetensors"] }
    let standard = sources.indices.map { WeightFileNaming.safetensors.shardName(number: $0 + 1, of: sources.count) }
    return sources == standard ? sources : standard
  }

  private func write(_ shard: Shard, to path: String, progress: (Int) -> Void) throws {
    let writer = try SafetensorsShardWriter(
      path: path, tensors: shard.tensors.map { (name: $0.name, dtype: $0.dtype, shape: $0.shape) },
      metadata: ["format": "pt"], replacing: false)
    let blocks = shard.tensors.flatMap { tensor in
      RowBlock.blocks(
        ofEntry: tensor.index, rowCount: tensor.shape.rowCount,
        rowsPerChunk: model.reader.index.tensors[tensor.index].rowsPerChunk)
    }
    try withoutActuallyEscaping(progress) { progress in
      try OrderedWorkers.run(
        count: blocks.count, threads: execution.threads, makeContext: { BlockDecoder(kernels: execution.kernels) },
        produce: { decoder, position in try decoder.bytes(of: blocks[position], in: model, as: dtype) },
        commit: { _, bytes in
          try bytes.withUnsafeBytes { try writer.append($0) }
          progress(bytes.count)
        })
    }
    try writer.finish()
  }
}
