import ArgumentParser
import ConversionPipeline
import FusionCore

/// `trace`: every intermediate activation of one question.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Write every intermediate activation of a question to a safetensors file.",
    discussion: """
      All rows of every tensor are written: vision.instruct.hidden.N, image_features, inputs_embeds, \
      decoder.hidden.N, logits.last8 and the others, in float32, with ids as int64 and pixels as bytes. \
      --answer adds the losses.

      EXAMPLES
        fusion-convert trace model.fusion --image photo.jpg --prompt 'What is it?' --output t.safetensors
        fusion-convert trace my-checkpoint --prompt 'Hello' --answer 'Hi.' --output t.safetensors
      """)

  @Argument(help: "Checkpoint folder or container.")
  var model: String

  @Option(help: ArgumentHelp("The question.", valueName: "text"))
  var prompt: String

  @Option(help: ArgumentHelp("What the model should have said: adds language and mapping losses.", valueName: "text"))
  var answer: String?

  @Option(help: ArgumentHelp("File to write.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("Most tokens of the greedy answer. (default: 24)", valueName: "n"),
    transform: NumberRange.answerTokens.parse)
  var maxTokens = 24

  @Flag(help: "Go on after an end token.")
  var ignoreEnd = false

  @Flag(help: "Replace the output file if it exists.")
  var force = false

  @OptionGroup(title: "Prompt") var asked: PromptOptions
  @OptionGroup(title: "Model") var options: ModelOptions
  @OptionGroup(title: "Checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.perform(
      {
        var files = CommandFiles()
        files.read(model: model, options: checkpoint.options)
        for image in asked.image { files.read(file: image) }
        files.write(file: output)
        try files.check()
        var request = try asked.request([prompt], maximumTokenCount: maxTokens)
        request.stopsAtEndToken = !ignoreEnd
        let execution = try common.execution()
        let runner = try ModelRunner(
          path: model, options: checkpoint.options, settings: options.settings, execution: execution,
          progress: common.progressHandler())
        return try ModelTracer(runner).trace(
          request, answer: answer, to: output, replacing: force, progress: common.progressHandler())
      }, text: { TraceText(report: $0).text })
  }
}
