import FusionCore
import MappedFiles
import NumericKernels

/// Writes weights of any format that is read as a Hugging Face folder of safetensors, adapters merged.
///
/// No configuration is needed: a PyTorch file of any model becomes safetensors, bit for bit unless a type is asked for.
public struct CheckpointExporter: Sendable {
  /// Path as given.
  public let path: String
  /// Type of the float tensors; `nil` for each tensor's own.
  public let dtype: DType?
  /// Threads and kernels.
  public let execution: ExecutionOptions

  private let options: CheckpointOptions
  private let source: any WeightSource
  private let notices: [String]
  private let sideFiles: [SideFile]

  /// Values that are copied in one step.
  private static let chunkElementCount = 2 << 20

  /// Opens the weights.
  ///
  /// - Throws: every way in which the files can be wrong or not fit each other.
  public init(path given: String, options: CheckpointOptions, dtype: DType?, execution: ExecutionOptions) throws {
    let path = try HubFolder.snapshot(of: given)
    let assembly = try ModelAssembly(path: path, options: options)
    self.path = path
    self.options = options
    self.dtype = dtype
    self.execution = execution
    source = assembly.source
    notices = assembly.notices
    // What lies beside a single file may have nothing to do with it, unless a configuration is there.
    let isCheckpoint = try FileIdentity(path: "\(Checkpoint.folder(of: path))/config.json") != nil
    sideFiles = isCheckpoint ? try assembly.sideFiles(configurationPath: try assembly.configurationPath()) : []
  }

  /// Writes the folder; it gets its name only when it is complete.
  ///
  /// - Throws: `.outputExists` unless `replacing`, `.noSpace`, `.outputIsInput`; damage of the source.
  public func write(to output: String, replacing: Bool, progress: ProgressHandler? = nil) throws -> ExportReport {
    let clock = ContinuousClock()
    let start = clock.now
    var files = CommandFiles()
    files.read(model: path, options: options)
    files.write(folder: output)
    try files.check()
    let tensors = source.tensors
    let planned = tensors.enumerated().map { position, tensor in
      let type = tensor.dtype.isQuantizable ? dtype ?? tensor.dtype : tensor.dtype
      let rows = max(1, Self.chunkElementCount / max(tensor.shape.columnCount, 1))
      return (
        file: tensor.fileIndex,
        tensor: ExportedShard.Tensor(
          name: tensor.name, position: position, dtype: type, shape: tensor.shape, rowsPerChunk: rows)
      )
    }
    let folder = SafetensorsFolder(
      shards: ExportedShard.plan(planned, fileNames: source.files.map(\.name)),
      companions: sideFiles.map { file in SafetensorsFolder.Companion(name: file.name) { try file.read() } },
      threads: execution.threads)
    let written = try folder.write(
      to: output, replacing: replacing, progress: progress,
      makeContext: { ValueScanner(kernels: execution.kernels) },
      produce: { scanner, exported, block in
        let tensor = tensors[exported.position]
        let range = block.byteRange(in: tensor)
        defer { source.discard(tensor, in: range) }
        return try source.withBytes(of: tensor, in: range) { bytes in
          exported.dtype == tensor.dtype
            ? Array(bytes) : scanner.convert(bytes, from: tensor.dtype, to: exported.dtype)
        }
      })
    try source.checkUnchanged()
    return ExportReport(
      path: path, output: output, dtype: dtype?.rawValue, files: written.names, tensorCount: tensors.count,
      dequantizedTensorCount: 0, byteCount: folder.byteCount + written.companionByteCount,
      notices: notices + written.notices,
      wallSeconds: (clock.now - start).seconds)
  }
}
