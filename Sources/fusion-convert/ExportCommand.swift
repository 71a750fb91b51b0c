import ArgumentParser
import ConversionPipeline
import FusionCore

/// `export`: a container becomes a checkpoint folder again.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a container back as a Hugging Face checkpoint folder.",
    discussion: """
      Tensors that were kept come back bit for bit; quantized ones are dequantized to the type that the source had.

      EXAMPLES
        fusion-convert export model.fusion restored-checkpoint
        fusion-convert export model.fusion restored-checkpoint --dtype f32
      """)

  @Argument(help: "Container to read.")
  var path: String

  @Argument(help: "Folder to write.")
  var output: String

  @Option(help: "Type of the float tensors: source (each as it was), bf16, f16, f32.")
  var dtype = ExportType.source

  @Flag(help: "Replace the output folder if it exists, with everything in it.")
  var force = false

  @OptionGroup var common: CommonOptions

  /// Types to export as.
  enum ExportType: String, ExpressibleByArgument, CaseIterable {
    case source, bf16, f16, f32

    var dtype: DType? { self == .source ? nil : DType(rawValue: rawValue.uppercased()) }
  }

  func run() throws {
    try common.perform(
      {
        let exporter = ContainerExporter(
          model: try ContainerModel(path: path), dtype: dtype.dtype, execution: try common.execution())
        return try exporter.write(to: output, replacing: force, progress: common.progressHandler())
      },
      text: { report in
        "Exported \(report.tensorCount) tensors (\(report.dequantizedTensorCount) of them dequantized) and"
          + " \(report.files.count) files, \(Format.bytes(report.byteCount)), to \(report.output.escapedForTerminal)"
          + " in \(Format.duration(report.wallSeconds))"
      })
  }
}
