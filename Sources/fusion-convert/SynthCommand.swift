import ArgumentParser
import ConversionPipeline
import FusionCore

/// `synth`: things to try the program on.
struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Make data to try things on.",
    subcommands: [SynthQuestionsCommand.self, SynthCheckpointCommand.self])
}

extension WeightFileFormat: ExpressibleByArgument {}

/// `synth checkpoint`: random weights in a published model's exact layout.
struct SynthCheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Write a checkpoint of random weights with a published model's exact layout and size.",
    discussion: """
      Weights have the spread of trained ones: a scale for each output channel, heavy tails, a few outlier channels.
      Equal seeds give equal bytes, and equal weights in either format.
      Tokenizer files of the vocabulary's size are made too; their words are not the published ones.

      EXAMPLES
        fusion-convert synth checkpoint --preset tiny try-me
        fusion-convert synth checkpoint --preset fusion-3b big-checkpoint
      """)

  @Option(help: ArgumentHelp("Model: \(SynthesisPreset.names.joined(separator: ", ")).", valueName: "name"))
  var preset: String

  @Argument(help: "Folder to write.")
  var output: String

  @Option(help: "Type of the weights: bf16, f16, f32.")
  var dtype = WeightType.bf16

  @Option(help: "Format of the weight files: safetensors, or torch for .bin files as torch.save writes them.")
  var format = WeightFileFormat.safetensors

  @Option(
    help: ArgumentHelp("Number that decides every weight. (default: 1)", valueName: "n"),
    transform: NumberRange.seed.parse)
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Largest shard in bytes. (default: \(CheckpointSynthesizer.standardShardByteCount))", valueName: "n"),
    transform: NumberRange.shardBytes.parse)
  var shardSize = CheckpointSynthesizer.standardShardByteCount

  @Flag(help: "Replace the output folder if it exists and holds nothing but a checkpoint's files.")
  var force = false

  @OptionGroup var common: CommonOptions

  /// Types that weights are made in.
  enum WeightType: String, ExpressibleByArgument, CaseIterable {
    case bf16, f16, f32

    var dtype: DType {
      switch self {
      case .bf16: .bf16
      case .f16: .f16
      case .f32: .f32
      }
    }
  }

  func run() throws {
    try common.perform(
      {
        let synthesizer = CheckpointSynthesizer(
          preset: try SynthesisPreset.named(preset), dtype: dtype.dtype, format: format, seed: seed,
          shardByteCount: shardSize, execution: try common.execution())
        return try synthesizer.write(to: output, replacing: force, progress: common.progressHandler())
      },
      text: { report in
        "Wrote \(report.tensorCount) tensors, \(Format.count(report.weightCount)) weights,"
          + " \(Format.bytes(report.byteCount)), to \(report.output.escapedForTerminal)"
          + " in \(Format.duration(report.wallSeconds))\n"
          + report.notices.map { "  note      " + $0.escapedForTerminal + "\n" }.joined()
          + "Next: fusion-convert \(report.output.escapedForTerminal) model.fusion --quant int4"
      })
  }
}
