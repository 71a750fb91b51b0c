import AccuracyReports
import ArgumentParser
import ConversionPipeline
import FusionCore
import FusionRuntime

/// `diff`: how far a model is from a reference.
struct DiffCommand: ParsableCommand {
  /// Exit status of a comparison that was made but missed a limit.
  private static let limitMissed: Int32 = 3

  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say how far a model is from a reference: weights, layers, predictions, answers.",
    discussion: """
      Both models go through the same samples layer by layer, so that neither has to fit into memory. Without --data \
      or --text the samples are generated: drawn pictures with questions, and texts.

      Questions are put into the words of the model's family. A --text is read as it is, without them and without the \
      token that begins a text, and the predictions at all positions of its windows are compared.

      A limit is METRIC=VALUE, and more is worse: kld.mean, kld.p99, top1.disagreement, perplexity.ratio, \
      accuracy.drop, weight.max and others, most also with image. or text. before them. --preset strict holds a \
      candidate to what good int8 conversions reach, normal to good 4-bit ones. A limit that is missed gives exit \
      status 3.

      EXAMPLES
        fusion-convert diff my-checkpoint model.fusion
        fusion-convert diff my-checkpoint model.fusion --data questions.jsonl --html report.html
        fusion-convert diff my-checkpoint model.fusion --text book.txt --context 512 --chunks 40
        fusion-convert diff my-checkpoint model.fusion --preset normal --fail-above image.kld.mean=0.02
        fusion-convert diff my-checkpoint model.fusion --sensitivity tensors --plan wider.json
        fusion-convert diff my-checkpoint model.fusion --samples 8 --no-answers --json > report.json
      """)

  @Argument(help: "Checkpoint folder or container that is right by definition.")
  var reference: String

  @Argument(help: "Checkpoint folder or container that is judged.")
  var candidate: String

  @OptionGroup(title: "Samples") var samples: DiffSampleOptions
  @OptionGroup(title: "Report") var outputs: DiffOutputOptions

  @Option(help: ArgumentHelp("A limit, for example kld.mean=0.02; repeat it for several.", valueName: "metric=value"))
  var failAbove: [String] = []

  @Option(help: "Limits by name: strict or normal.")
  var preset: GatePreset?

  @Option(
    help: """
      Rank tensors, layers, or parts (what does the same in an eighth of a tower's layers) by the divergence that each \
      alone causes, and propose a plan for convert. Every one of them takes a pass over up to eight samples.
      """)
  var sensitivity: SensitivityUnit?

  @Option(help: "What the candidate's quantized weights are multiplied with: float32 or int8.")
  var activations = ActivationPrecision.float32

  @Option(
    help: """
      What the candidate's keys and values are held as: float32, bf16 or int8; float32 with float32 activations and bf16 \
      with int8 ones if not given.
      """)
  var kvCache: KeyValuePrecision?

  @Option(
    help: ArgumentHelp(
      "Memory that may be used: decides how many samples go together, and whether models answer from memory."
        + " (default: 4 GB)",
      valueName: "size"), transform: NumberRange.memory.parse)
  var memory = ByteSize(4_000_000_000)

  @OptionGroup(title: "Reference checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    var isWithinLimits = true
    try common.perform(
      {
        let gate = Gate(preset: preset, limits: try failAbove.map { try GateLimit.parse($0) })
        guard outputs.plan == nil || sensitivity != nil else {
          throw FusionError(
            .badOption, "there is no plan without a ranking", place: "--plan", expected: "--sensitivity as well",
            found: "none", remedy: "add --sensitivity tensors")
        }
        var used = CommandFiles()
        used.read(model: reference, options: checkpoint.options)
        used.read(model: candidate)
        used.read(questions: samples.data, images: samples.images)
        used.read(file: samples.text)
        for path in outputs.paths { used.write(file: path) }
        try used.check()
        let files = try outputs.open()
        let execution = try common.execution()
        var options = ComparisonOptions()
        samples.apply(to: &options)
        options.referenceParts = checkpoint.options
        options.candidatePrecision = activations
        options.candidateKeyValuePrecision = kvCache ?? activations.usualKeyValuePrecision
        options.memoryLimit = memory.byteCount
        options.sensitivity = sensitivity
        options.gate = gate
        let report = try ModelComparer(
          reference: reference, candidate: candidate, options: options, execution: execution,
          programVersion: ProgramVersion.text
        ).compare(progress: common.progressHandler())
        try files.write(report)
        isWithinLimits = report.gate?.passed ?? true
        return report
      },
      printJSON: { Console.printOutput(try JSONReport.encode($0)) },
      show: {
        guard !common.quiet else { return }
        Console.printOutput(TerminalReport($0, color: Console.showsColor, width: 100).text)
      })
    if !isWithinLimits { throw ExitCode(Self.limitMissed) }
  }
}

extension GatePreset: ExpressibleByArgument {}
extension SensitivityUnit: ExpressibleByArgument {}
