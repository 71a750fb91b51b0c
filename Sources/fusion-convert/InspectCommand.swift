import ArgumentParser
import ConversionPipeline
import FusionCore

/// `inspect`: what is in a checkpoint or a container.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show the tensors of a checkpoint, of one weight file or of a container.",
    discussion: """
      EXAMPLES
        fusion-convert inspect my-checkpoint
        fusion-convert inspect model.fusion --filter 'language.layers.0.*' --stats
        fusion-convert inspect model.fusion --tree
        fusion-convert inspect model.fusion --json | jq '.totals'
        fusion-convert inspect pytorch_model.bin --globals
      """)

  @Argument(help: "Checkpoint folder, safetensors or PyTorch file, or container.")
  var path: String

  @Flag(help: "Also show minimum, maximum, mean, deviation, NaN, Inf and outliers; this reads all weights.")
  var stats = false

  @Flag(help: "Show the names as a tree with sums.")
  var tree = false

  @Option(help: ArgumentHelp("Show only tensors whose source or canonical name fits.", valueName: "pattern"))
  var filter: String?

  @Option(help: "Order: model (canonical order), name, size, bits, offset.")
  var sort = SortKey.model

  @Flag(
    help: """
      Show instead which Python classes and functions a PyTorch file names, without calling any; safe on any file.
      """)
  var globals = false

  @OptionGroup(title: "Checkpoint") var checkpoint: CheckpointArguments
  @OptionGroup var common: CommonOptions

  /// What tensors are ordered by.
  enum SortKey: String, ExpressibleByArgument, CaseIterable {
    case model, name, size, bits, offset
  }

  func validate() throws {
    if globals, stats || tree || filter != nil || sort != .model || !checkpoint.isEmpty {
      throw ValidationError("--globals looks at pickles, not at tensors: it goes with no other option of inspect")
    }
  }

  func run() throws {
    if globals {
      return try common.perform({ try GlobalsReport(path: path) }, text: { GlobalsText(report: $0).text })
    }
    try common.perform(
      {
        let inspector = try Inspector(path: path, options: checkpoint.options)
        var report = inspector.report()
        if let filter {
          let pattern = NamePattern(filter)
          report.tensors.removeAll { !pattern.matches($0.name, $0.canonicalName ?? "") }
          guard !report.tensors.isEmpty else {
            throw FusionError(
              .patternWithoutMatch, "a name pattern fits no tensor", file: path, place: filter,
              expected: "a pattern over source or canonical names",
              found: "no match among \(report.totals.tensorCount) tensors",
              remedy: "quote the pattern for the shell; leave out --filter to see all names")
          }
        }
        sortTensors(&report.tensors)
        if stats {
          try inspector.addStatistics(
            to: &report, execution: try common.execution(), progress: common.progressHandler())
        }
        return report
      },
      text: { InspectionText(report: $0, isTree: tree, hasStatistics: stats).text })
  }

  private func sortTensors(_ tensors: inout [InspectionReport.Tensor]) {
    switch sort {
    case .model: break
    case .name: tensors.sort { $0.name < $1.name }
    case .size: tensors.sort { ($1.byteCount, $0.name) < ($0.byteCount, $1.name) }
    case .bits: tensors.sort { ($1.storedBits, $0.name) < ($0.storedBits, $1.name) }
    case .offset: tensors.sort { ($0.file, $0.offset) < ($1.file, $1.offset) }
    }
  }
}
