import ArgumentParser
import ConversionPipeline
import FusionCore

/// `export`: a container, or a checkpoint of any kind, becomes a folder of safetensors.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a container or a checkpoint as a Hugging Face folder of safetensors.",
    discussion: """
      Tensors that were kept come back bit for bit; quantized ones are dequantized to the type that the source had.
      PyTorch files of any model become safetensors, without Python; tensors that share bytes are written apart.

      EXAMPLES
        fusion-convert export model.fusion restored-checkpoint
        fusion-convert export model.fusion restored-checkpoint --dtype f32
        fusion-convert export pytorch_model.bin safetensors-checkpoint
        fusion-convert export base-checkpoint merged-checkpoint --adapter my-lora --dtype bf16
      """)

  @Argument(help: "Container, checkpoint folder or weight file to read.")
  var path: String

  @Argument(help: "Folder to write.")
  var output: String

  @Option(help: "Type of the float tensors: source (each as it was), bf16, f16, f32.")
  var dtype = ExportType.source

  @Flag(help: "Replace the output folder if it exists and holds nothing but what export writes.")
  var force = false

  @OptionGroup var checkpoint: CheckpointArguments

  @OptionGroup var common: CommonOptions

  /// Types to export as.
  enum ExportType: String, ExpressibleByArgument, CaseIterable {
    case source, bf16, f16, f32

    var dtype: DType? { self == .source ? nil : DType(rawValue: rawValue.uppercased()) }
  }

  func run() throws {
    try common.perform(
      {
        var files = CommandFiles()
        files.read(model: path, options: checkpoint.options)
        files.write(folder: output)
        try files.check()
        let execution = try common.execution()
        let progress = common.progressHandler()
        guard try ModelPath.isContainer(path) else {
          let exporter = try CheckpointExporter(
            path: path, options: checkpoint.options, dtype: dtype.dtype, execution: execution)
          return try exporter.write(to: output, replacing: force, progress: progress)
        }
        try checkpoint.options.refuseForContainer(path)
        let exporter = ContainerExporter(
          model: try ContainerModel(path: path), dtype: dtype.dtype, execution: execution)
        return try exporter.write(to: output, replacing: force, progress: progress)
      },
      text: { report in
        let summary =
          "Exported \(report.tensorCount) tensors (\(report.dequantizedTensorCount) of them dequantized) and"
          + " \(report.files.count) files, \(Format.bytes(report.byteCount)), to \(report.output.escapedForTerminal)"
          + " in \(Format.duration(report.wallSeconds))"
        return ([summary] + report.notices.map { "  note      " + $0.escapedForTerminal }).joined(separator: "\n")
      })
  }
}
