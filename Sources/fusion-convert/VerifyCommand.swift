import ArgumentParser
import ConversionPipeline
import FusionCore

/// `verify`: every checksum, every rule, and with a source every weight.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that a container is undamaged, and that it stands for its source.",
    discussion: """
      With --source, every tensor is compared with the checkpoint, and so are configuration, generation
      configuration, tokenizer and chat template; what the container records of the source's files (size,
      SHA-256) must be true of files that have the recorded names. Exit status 65 names what differs. The
      same content in files of other names, shards or formats is told in a line and accepted.

      EXAMPLES
        fusion-convert verify model.fusion
        fusion-convert verify model.fusion --source my-checkpoint
        fusion-convert verify model.fusion --source my-checkpoint --adapter my-lora
        fusion-convert verify model.fusion --source fine-tuned --weights-only
      """)

  @Argument(help: "Container to check.")
  var path: String

  @Option(help: "Checkpoint that the container was made from: every tensor is compared with it.")
  var source: String?

  @Flag(help: "Compare the weights alone: configuration, tokenizer, template and recorded hashes may differ.")
  var weightsOnly = false

  @Flag(help: "Refuse the same weights in other files than the recorded ones, and every file that differs in a byte.")
  var exactFiles = false

  @OptionGroup(title: "Source") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if source == nil, !checkpoint.isEmpty {
      throw ValidationError("options of the source's checkpoint need --source")
    }
    if source == nil, weightsOnly || exactFiles {
      throw ValidationError("\(weightsOnly ? "--weights-only" : "--exact-files") needs --source")
    }
    if weightsOnly, exactFiles {
      throw ValidationError("--weights-only and --exact-files cannot be combined; leave out one of them")
    }
  }

  func run() throws {
    try common.perform(
      {
        let model = try ContainerModel(path: path)
        let verifier = ContainerVerifier(
          model: model, source: try source.map { try Checkpoint(path: $0, options: checkpoint.options) },
          scope: weightsOnly ? .weights : exactFiles ? .exactFiles : .content, execution: try common.execution())
        return try verifier.run(progress: common.progressHandler())
      },
      text: text)
  }

  private func text(_ report: VerificationReport) -> String {
    var lines = [
      "\(report.path.escapedForTerminal) is sound: \(report.chunkCount) chunks of \(report.tensorCount) tensors and"
        + " \(report.fileCount) files, \(Format.bytes(report.byteCount)), in \(Format.duration(report.wallSeconds))"
    ]
    if let source = report.source {
      lines.append(
        "It stands for \(source.escapedForTerminal): "
          + (report.sqnrDecibels.map { "every weight within its scheme's bound, SQNR \(Format.decibels($0))" }
            ?? "every weight equal, bit for bit"))
      lines.append(table(report))
    }
    for notice in report.notices { lines.append("note: \(notice.escapedForTerminal)") }
    if report.source == nil {
      lines.append(
        "Next: compare it with its source: fusion-convert verify \(report.path.escapedForTerminal) --source DIR")
    }
    return lines.joined(separator: "\n")
  }

  /// All tensors when asked for, otherwise the three that lost most.
  private func table(_ report: VerificationReport) -> String {
    let lossy = report.tensors.filter { $0.sqnrDecibels != nil }
    guard !lossy.isEmpty else { return "" }
    let worst = lossy.sorted { ($0.sqnrDecibels ?? 0, $0.name) < ($1.sqnrDecibels ?? 0, $1.name) }
    let shown = common.verbose ? report.tensors : Array(worst.prefix(3))
    var table = TextTable(
      header: ["tensor", "scheme", "SQNR", "max error", "clipped"],
      alignments: [.left, .left, .right, .right, .right])
    for tensor in shown {
      table.add([
        tensor.name, tensor.scheme, Format.decibels(tensor.sqnrDecibels), Format.decimal(tensor.maximumError, 5),
        "\(Format.decimal(tensor.clippedShare * 100, 2)) %",
      ])
    }
    return (common.verbose ? "All tensors:\n" : "The tensors that lost most (all of them with --verbose):\n")
      + table.text
  }
}
