import ArgumentParser
import ConversionPipeline
import FusionCore
import FusionRuntime

/// `eval`: the accuracy of a model on a question file.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure the accuracy of a model on a question file.",
    discussion: """
      Every question is asked by itself, as run does it, and the most likely tokens are taken. Question files are JSON \
      lines as LLaVA has them, or what POPE, MME, MMBench, TextVQA, ScienceQA, CV-Bench and MMVP publish; the form is \
      told from the content. With --output each answer is kept as soon as it is there. The same command with --resume \
      goes on after an interruption.

      EXAMPLES
        fusion-convert eval model.fusion --data questions.jsonl --images pictures
        fusion-convert eval model.fusion --data questions.jsonl --output results.jsonl --resume
        fusion-convert eval model.fusion --data questions.jsonl --shard 2/8 --output part2.jsonl
        fusion-convert eval --merge part*.jsonl --data questions.jsonl --output results.jsonl
        fusion-convert eval model.fusion --data TextVQA_0.5.1_val.json --images train_images
      """)

  @Argument(help: "Checkpoint folder or container; none with --merge.")
  var model: String?

  @Option(help: ArgumentHelp("Question file, or the folder of MME.", valueName: "file"))
  var data: String

  @Option(
    help: ArgumentHelp(
      "Form of the questions: lines, pope, mme, mmbench, textvqa, scienceqa, cvbench, mmvp.", valueName: "name"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Answers published apart from the questions: annotations of TextVQA, folder of MME.", valueName: "path"))
  var answers: String?

  @Option(help: ArgumentHelp("Folder of the pictures; that of the question file if not given.", valueName: "folder"))
  var images: String?

  @Option(
    help: ArgumentHelp("Only the first questions.", valueName: "n"), transform: NumberRange.evaluatedQuestions.parse)
  var limit: Int?

  @Option(
    help: ArgumentHelp("Most tokens of an answer. (default: 16)", valueName: "n"),
    transform: NumberRange.answerTokens.parse)
  var maxTokens = 16

  @Option(help: ArgumentHelp("Only the i-th of n parts: questions i, i + n, i + 2n and so on.", valueName: "i/n"))
  var shard: String?

  @Option(help: ArgumentHelp("File for the answers, one line each.", valueName: "file"))
  var output: String?

  @Flag(help: "Go on with the answers that --output holds.")
  var resume = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Put the results of all parts together instead of asking a model.", valueName: "file"))
  var merge: [String] = []

  @OptionGroup(title: "Prompt") var wording: WordingOptions
  @OptionGroup(title: "Model") var modelOptions: ModelOptions
  @OptionGroup(title: "Checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if model == nil, merge.isEmpty { throw ValidationError("Missing expected argument '<model>'") }
    if let model, !merge.isEmpty {
      throw ValidationError("--merge asks no model, so \(model.escapedForTerminal) is one argument too many")
    }
  }

  func run() throws {
    try common.perform(
      {
        let options = try options()
        var files = CommandFiles()
        files.read(model: model, options: checkpoint.options)
        files.read(questions: data, images: images, format: options.format, answers: answers)
        for path in merge { files.read(file: path) }
        files.write(file: output)
        try files.check()
        guard let model else { return try ModelEvaluation(options).merge(merge) }
        let execution = try common.execution()
        return try ModelEvaluation(options).run(
          model: model, checkpoint: checkpoint.options, execution: execution, progress: common.progressHandler())
      },
      text: { EvalText(report: $0).text })
  }

  private func options() throws -> EvaluationOptions {
    var options = EvaluationOptions(dataPath: data)
    options.format = try format.map(EvaluationOptions.format(named:))
    options.answersPath = answers
    options.imagesPath = images
    options.limit = limit
    options.maximumTokenCount = maxTokens
    if let shard { options.shard = try EvaluationShard(shard) }
    options.outputPath = output
    options.resumes = resume
    wording.apply(to: &options.request)
    options.settings = modelOptions.settings
    return options
  }
}
