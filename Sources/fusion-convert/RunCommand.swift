import ArgumentParser
import ConversionPipeline
import FusionCore
import Glibc

/// `run`: questions to a model, with or without a picture.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Ask a model, with or without a picture.",
    discussion: """
      The answer is printed as it is made; figures go to standard error, and --quiet leaves them out. \
      The most likely token is taken unless --temperature is above 0. \
      Several --prompt are the questions of one conversation.

      EXAMPLES
        fusion-convert run model.fusion --image photo.jpg --prompt 'What is in the picture?'
        fusion-convert run my-checkpoint --prompt 'Name a prime number.' --prompt 'And the next one?'
        fusion-convert run big.fusion --stream-weights --prompt 'Hello' --max-tokens 20
        fusion-convert run model.fusion --prompt 'Hello' --temperature 0.7 --top-p 0.9 --seed 1
      """)

  @Argument(help: "Checkpoint folder or container.")
  var model: String

  @Option(help: ArgumentHelp("A question; repeat it for a conversation.", valueName: "text"))
  var prompt: [String]

  @Option(
    help: ArgumentHelp("Most tokens of an answer. (default: 512)", valueName: "n"),
    transform: NumberRange.answerTokens.parse)
  var maxTokens = 512

  @Flag(help: "Go on after an end token.")
  var ignoreEnd = false

  @OptionGroup(title: "Prompt") var asked: PromptOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingArguments
  @OptionGroup(title: "Model") var options: ModelOptions
  @OptionGroup(title: "Checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    let printer = AnswerPrinter(isSilent: common.json)
    try common.perform(
      {
        var request = try asked.request(prompt, maximumTokenCount: maxTokens)
        request.sampling = try sampling.options()
        request.notices = sampling.notices
        request.stopsAtEndToken = !ignoreEnd
        let execution = try common.execution()
        let runner = try ModelRunner(
          path: model, options: checkpoint.options, settings: options.settings, execution: execution,
          progress: common.progressHandler())
        defer { printer.finish() }
        return try runner.run(request, progress: common.progressHandler()) { printer.show($0, turn: $1) }
      },
      show: { if !common.quiet { Console.printError(RunText(report: $0, isVerbose: common.verbose).text) } })
  }
}
