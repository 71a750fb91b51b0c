import ArgumentParser
import ConversionPipeline
import FusionCore

/// `calibrate`: statistics of the inputs of all linear layers.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Write statistics of what goes into every linear layer, which quantization can be guided by.",
    discussion: """
      The model reads the samples layer by layer, so that it need not fit into memory. For each input the file has \
      the sums of squares and of magnitudes of its columns, with --full those of the products of all pairs of \
      columns too, which takes up to 16 GB for a model of 8 billion weights.

      DATA is a question file as eval reads them, with pictures and answers; a text in a file that ends in .txt; or \
      the word synth for drawn pictures with questions.

      EXAMPLES
        fusion-convert calibrate my-checkpoint inputs.safetensors --data questions.jsonl
        fusion-convert calibrate my-checkpoint inputs.safetensors --data text.txt --context 1024
        fusion-convert calibrate my-checkpoint inputs.safetensors --data synth --full
      """)

  @Argument(help: "Checkpoint folder, or a container whose weights are not quantized.")
  var model: String

  @Argument(help: "File to write.")
  var output: String

  @Option(help: ArgumentHelp("Question file, .txt file, or synth.", valueName: "data"))
  var data: String

  @Option(help: ArgumentHelp("Folder of the file's pictures; the file's own folder if not given.", valueName: "folder"))
  var images: String?

  @Flag(help: "Sum the products of all pairs of columns too.")
  var full = false

  @Option(
    help: ArgumentHelp(
      "Questions or windows of text at most, \(NumberRange.calibrationSamples.span). (default: 32)", valueName: "n"),
    transform: NumberRange.calibrationSamples.parse)
  var samples = 32

  @Option(
    help: ArgumentHelp(
      "Tokens of a window of text; \(CalibrationOptions.standardContextLength) if the model's context allows.",
      valueName: "n"), transform: NumberRange.contextTokens.parse)
  var context: Int?

  @Option(
    help: ArgumentHelp(
      """
      What a row of a picture counts beside a word, \(NumberRange.visionWeight.span); such that both count alike together if not \
      given.
      """, valueName: "w"), transform: NumberRange.visionWeight.parse)
  var visionWeight: Double?

  @Option(
    help: ArgumentHelp(
      "Memory that may be used: decides how many samples go together. (default: 4 GB)", valueName: "size"),
    transform: NumberRange.memory.parse)
  var memory = ByteSize(4_000_000_000)

  @OptionGroup var pictureMemory: PictureMemoryOptions

  @Flag(help: "Replace the output file if it exists.")
  var force = false

  @OptionGroup(title: "Checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard images == nil || data != CalibrationData.generatedWord else {
      throw ValidationError("--images needs a question file")
    }
  }

  func run() throws {
    try common.perform(
      {
        var files = CommandFiles()
        files.read(model: model, options: checkpoint.options)
        files.read(data: data, images: images)
        files.write(file: output)
        try files.check()
        var options = CalibrationOptions(data: CalibrationData(argument: data))
        options.imagesPath = images
        options.isFull = full
        options.sampleLimit = samples
        options.contextLength = context
        options.visionWeight = visionWeight
        options.memoryLimit = memory.byteCount
        options.pictureMemoryLimit = pictureMemory.byteCount
        options.parts = checkpoint.options
        let execution = try common.execution()
        return try CalibrationCollector(
          model: model, options: options, execution: execution, programVersion: ProgramVersion.text
        ).collect(to: output, replacing: force, progress: common.progressHandler())
      }, text: { CalibrationText(report: $0).text })
  }
}
