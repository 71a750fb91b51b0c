import ContainerFormat
import FusionCore

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
    var files = CommandFiles()
    files.read(model: model.path)
    files.write(folder: output)
    try files.check()
    let index = model.reader.index
    let folder = SafetensorsFolder(
      shards: ExportedShard.plan(exportedTensors, fileNames: index.provenance.sources.map(\.name)),
      companions: index.files.map { file in
        SafetensorsFolder.Companion(name: file.name) { try model.file(file.name) }
      },
      threads: execution.threads)
    let written = try folder.write(
      to: output, replacing: replacing, progress: progress,
      makeContext: { BlockDecoder(kernels: execution.kernels) },
      produce: { decoder, tensor, block in
        let own = RowBlock(entryIndex: tensor.position, chunkIndex: block.chunkIndex, rows: block.rows)
        return try decoder.bytes(of: own, in: model, as: dtype)
      })
    return ExportReport(
      path: model.path, output: output, dtype: dtype?.rawValue, files: written.names,
      tensorCount: folder.shards.reduce(0) { $0 + $1.tensors.count },
      dequantizedTensorCount: index.tensors.filter(\.encoding.isQuantized).count,
      byteCount: folder.byteCount + written.companionByteCount, notices: written.notices,
      wallSeconds: (clock.now - start).seconds)
  }

  /// All tensors, and again those that the source had under a second name.
  private var exportedTensors: [(file: Int, tensor: ExportedShard.Tensor)] {
    let index = model.reader.index
    return model.names.map { name, position in
      let tensor = index.tensors[position]
      let type = tensor.dtype.isQuantizable ? dtype ?? tensor.dtype : tensor.dtype
      return (
        tensor.sourceFileIndex,
        ExportedShard.Tensor(
          name: name, position: position, dtype: type, shape: tensor.shape, rowsPerChunk: tensor.rowsPerChunk)
      )
    }
  }
}
