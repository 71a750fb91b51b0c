import ArgumentParser
import ConversionPipeline
import FusionCore

/// `synth qa`: drawn pictures with questions whose answers are known.
struct SynthQuestionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qa",
    abstract: "Write pictures of made-up scenes with questions whose answers are known.",
    discussion: """
      Writes images/*.png, questions.jsonl (one question a line, as in LLaVA's question files),
      conversations.jsonl (LLaVA's training form) and scenes.jsonl (pictures in words and values).
      Equal seeds give equal bytes, and a set is the beginning of every larger one with its seed.

      EXAMPLES
        fusion-convert synth qa --count 500 --seed 7 --out questions
        fusion-convert synth qa --count 200 --categories SynthColor,SynthText --out questions
      """)

  @Option(
    help: ArgumentHelp("Questions to write, five a picture.", valueName: "n"),
    transform: NumberRange.writtenQuestions.parse)
  var count: Int

  @Option(
    help: ArgumentHelp("Number that decides every picture and every question. (default: 1)", valueName: "n"),
    transform: NumberRange.seed.parse)
  var seed: UInt64 = 1

  @Option(
    name: [.customLong("out"), .customLong("output")], help: ArgumentHelp("Folder to write.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Width and height of the pictures in pixels, \(NumberRange.pictureSide.span). (default: 256)", valueName: "n"),
    transform: NumberRange.pictureSide.parse)
  var size = 256

  @Option(
    help: ArgumentHelp(
      "Categories with commas between them: \(QuestionCategories.names.joined(separator: ", ")); all if not given.",
      valueName: "names"))
  var categories: String?

  @Flag(help: "Replace the output folder if it exists and holds nothing but what synth qa writes.")
  var force = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.perform(
      {
        let synthesizer = QuestionSynthesizer(
          questionCount: count, seed: seed, side: size, categories: try QuestionCategories.named(categories),
          execution: try common.execution())
        return try synthesizer.write(to: output, replacing: force, progress: common.progressHandler())
      },
      text: { report in
        let categories = report.categories.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return "Wrote \(report.questionCount) questions about \(report.pictureCount) pictures,"
          + " \(Format.bytes(report.pictureByteCount)), to \(report.output.escapedForTerminal)"
          + " in \(Format.duration(report.wallSeconds))\n"
          + "  " + categories.joined(separator: ", ")
          + report.notices.map { "\n  note      " + $0.escapedForTerminal }.joined()
      })
  }
}
