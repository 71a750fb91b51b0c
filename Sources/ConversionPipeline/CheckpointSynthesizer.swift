import CheckpointLayout
import FusionCore
import MappedFiles
import NumericKernels
import SyntheticData
import WeightGraph

/// Writes a checkpoint of random weights with a published model's exact layout, for trying things at real size.
public struct CheckpointSynthesizer: Sendable {
  /// The model.
  public let preset: CheckpointPreset
  /// Type of the weights: `.bf16`, `.f16` or `.f32`.
  public let dtype: DType
  /// Format of the weight files.
  public let format: WeightFileFormat
  /// Decides every weight, whatever the format.
  public let seed: UInt64
  /// Greatest number of bytes of tensors in one shard.
  public let shardByteCount: Int
  /// Threads and kernels.
  public let execution: ExecutionOptions

  /// Size of a shard as published checkpoints have it.
  public static let standardShardByteCount = 5_000_000_000

  /// Collects the fields.
  public init(
    preset: CheckpointPreset, dtype: DType, format: WeightFileFormat = .safetensors, seed: UInt64,
    shardByteCount: Int, execution: ExecutionOptions
  ) {
    precondition(dtype.isQuantizable && shardByteCount > 0, "a checkpoint of \(dtype) in shards of \(shardByteCount)")
    self.preset = preset
    self.dtype = dtype
    self.format = format
    self.seed = seed
    self.shardByteCount = shardByteCount
    self.execution = execution
  }

  /// Writes the folder.
  ///
  /// - Throws: `.outputExists`, `.noSpace`, `.cannotCreate`.
  public func write(to output: String, replacing: Bool, progress: ProgressHandler? = nil) throws -> SynthesisReport {
    let clock = ContinuousClock()
    let start = clock.now
    let configuration = try ModelConfiguration(json: preset.configurationJSON, file: "preset \(preset.rawValue)")
    let specifications = ExpectedTensors.list(for: configuration).filter { !$0.isOptional }
    let tensors = specifications.map { specification in
      SyntheticTensor(
        name: specification.sourceName, shape: specification.shape, kind: kind(of: specification, configuration))
    }
    let shards = split(tensors)
    let byteCount = tensors.reduce(0) { $0 + size($1) }
    try FreeSpace.require(byteCount, for: output)
    let folder = try AtomicFolder(
      path: output, replacing: replacing,
      files: WrittenFolder.checkpoint(preset.tokenizer.files.map(\.name), [.safetensors, .torch]))
    var done = 0
    var map: [String: String] = [:]
    var names: [String] = []
    for (index, shard) in shards.enumerated() {
      let name =
        shards.count == 1 ? format.naming.singleName : format.naming.shardName(number: index + 1, of: shards.count)
      try write(shard, to: folder.file(name)) { count in
        done += count
        progress?(ProgressUpdate(step: "making weights", doneByteCount: done, totalByteCount: byteCount))
      }
      for tensor in shard { map[tensor.name] = name }
      names.append(name)
    }
    if shards.count > 1 {
      let index = CheckpointIndex(weightMap: map, totalByteCount: byteCount)
      try folder.write(index.serialized(), named: format.naming.indexName)
      names.append(format.naming.indexName)
    }
    try folder.write(preset.configurationJSON, named: "config.json")
    try folder.write(preset.generationConfigurationJSON, named: "generation_config.json")
    names += ["config.json", "generation_config.json"]
    for file in preset.tokenizer.files {
      try folder.write(file.bytes, named: file.name)
      names.append(file.name)
    }
    try folder.commit()
    return SynthesisReport(
      output: output, preset: preset.rawValue, dtype: dtype.rawValue, format: format.rawValue, seed: seed,
      tensorCount: tensors.count,
      weightCount: tensors.reduce(0) { $0 + $1.shape.elementCount }, byteCount: byteCount,
      files: names, wallSeconds: (clock.now - start).seconds, notices: folder.notices)
  }

  private func kind(
    of specification: TensorSpecification, _ configuration: ModelConfiguration
  ) -> SyntheticTensor.Kind {
    if specification.shape.rank < 2 {
      return specification.role == .norm && !specification.sourceName.hasSuffix("bias") ? .norm : .bias
    }
    if specification.role == .embedding { return .embedding }
    let readsResidualStream =
      specification.module == .language && specification.shape.columnCount == configuration.language.hiddenSize
    return .matrix(outlierColumns: readsResidualStream)
  }

  private func size(_ tensor: SyntheticTensor) -> Int { tensor.shape.elementCount * dtype.byteWidth }

  /// Fills shards in canonical order; a tensor is never divided.
  private func split(_ tensors: [SyntheticTensor]) -> [[SyntheticTensor]] {
    var shards: [[SyntheticTensor]] = [[]]
    var used = 0
    for tensor in tensors {
      if used > 0, used + size(tensor) > shardByteCount {
        shards.append([])
        used = 0
      }
      shards[shards.count - 1].append(tensor)
      used += size(tensor)
    }
    return shards
  }

  private func write(_ shard: [SyntheticTensor], to path: String, progress: (Int) -> Void) throws {
    let writer = try format.writer(
      path: path, tensors: shard.map { (name: $0.name, dtype: dtype, shape: $0.shape) })
    let blocks = shard.indices.flatMap { index in
      let shape = shard[index].shape
      return RowBlock.blocks(
        ofEntry: index, rowCount: shape.rowCount, rowsPerChunk: max(1, 2_097_152 / max(shape.columnCount, 1)))
    }
    let weights = SyntheticWeights(seed: seed)
    try withoutActuallyEscaping(progress) { progress in
      try OrderedWorkers.run(
        count: blocks.count, threads: execution.threads, makeContext: { () },
        produce: { _, index -> [UInt8] in
          let tensor = shard[blocks[index].entryIndex]
          let rows = blocks[index].rows
          var bytes = [UInt8](repeating: 0, count: rows.count * tensor.shape.columnCount * dtype.byteWidth)
          bytes.withUnsafeMutableBytes { weights.fill($0, tensor: tensor, dtype: dtype, rows: rows) }
          return bytes
        },
        commit: { _, bytes in
          try bytes.withUnsafeBytes { try writer.append($0) }
          progress(bytes.count)
        })
    }
    try writer.finish()
  }
}
