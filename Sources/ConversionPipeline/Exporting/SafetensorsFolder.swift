import CheckpointLayout
import FusionCore
import MappedFiles
import NumericKernels
import SafetensorsReader

/// Writes a Hugging Face folder: safetensors shards, their index, side files. It gets its name when it is complete.
struct SafetensorsFolder {
  /// A small file that goes with the weights.
  struct Companion {
    let name: String
    let read: () throws -> [UInt8]
  }

  let shards: [ExportedShard]
  let companions: [Companion]
  let threads: Int

  var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }

  /// Makes and writes all tensors.
  ///
  /// - Parameters:
  ///   - makeContext: called once in every thread.
  ///   - produce: the little-endian bytes of some rows, in the type that the shard declares.
  /// - Returns: the names of the files, in order, the bytes of the side files, and what a person should know.
  /// - Throws: `.outputExists` unless `replacing`, `.noSpace`, `.cannotCreate`; what `produce` throws.
  func write<Context>(
    to output: String, replacing: Bool, progress: ProgressHandler?, makeContext: @escaping @Sendable () -> Context,
    produce: @escaping @Sendable (Context, ExportedShard.Tensor, RowBlock) throws -> [UInt8]
  ) throws -> (names: [String], companionByteCount: Int, notices: [String]) {
    try FreeSpace.require(byteCount, for: output)
    let names = shards.map(\.name) + companions.map(\.name) + [WeightFileNaming.safetensors.indexName]
    let folder = try AtomicFolder(
      path: output, replacing: replacing, files: WrittenFolder.checkpoint(names, [.safetensors]))
    var written: [String] = []
    var done = 0
    for shard in shards {
      let writer = try SafetensorsShardWriter(
        path: folder.file(shard.name), tensors: shard.tensors.map { (name: $0.name, dtype: $0.dtype, shape: $0.shape) },
        metadata: ["format": "pt"], replacing: false)
      let blocks = shard.tensors.indices.flatMap { index in
        RowBlock.blocks(
          ofEntry: index, rowCount: shard.tensors[index].shape.rowCount,
          rowsPerChunk: shard.tensors[index].rowsPerChunk)
      }
      try OrderedWorkers.run(
        count: blocks.count, threads: threads, makeContext: makeContext,
        produce: { try produce($0, shard.tensors[blocks[$1].entryIndex], blocks[$1]) },
        commit: { _, bytes in
          try bytes.withUnsafeBytes { try writer.append($0) }
          done += bytes.count
          progress?(ProgressUpdate(step: "exporting", doneByteCount: done, totalByteCount: byteCount))
        })
      try writer.finish()
      written.append(shard.name)
    }
    if shards.count > 1 {
      let map = shards.flatMap { shard in shard.tensors.map { ($0.name, shard.name) } }
      let index = CheckpointIndex(
        weightMap: Dictionary(map, uniquingKeysWith: { first, _ in first }), totalByteCount: byteCount)
      try folder.write(index.serialized(), named: WeightFileNaming.safetensors.indexName)
      written.append(WeightFileNaming.safetensors.indexName)
    }
    var companionByteCount = 0
    for companion in companions {
      let bytes = try companion.read()
      try folder.write(bytes, named: companion.name)
      companionByteCount += bytes.count
      written.append(companion.name)
    }
    try folder.commit()
    return (written, companionByteCount, folder.notices)
  }
}
