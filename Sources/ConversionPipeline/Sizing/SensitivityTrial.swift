import FusionCore
import FusionRuntime
import MappedFiles
import WeightGraph

/// Finds out how much each part of a model suffers at equal bits: converts it so, and puts each part alone into the
/// model.
public struct SensitivityTrial {
  private let checkpoint: Checkpoint
  private let recipe: QuantizationRecipe
  private let calibration: CalibrationStatistics?
  private let execution: ExecutionOptions
  private let options: ComparisonOptions
  private let output: String

  /// Collects what a trial needs.
  ///
  /// - Parameters:
  ///   - recipe: with an entropy-coded scheme; its bits are those of the trial.
  ///   - options: what is measured on.
  ///   - output: the container that all this is for; the trial's lies beside it while it is measured.
  public init(
    checkpoint: Checkpoint, recipe: QuantizationRecipe, calibration: CalibrationStatistics?,
    options: ComparisonOptions, output: String, execution: ExecutionOptions
  ) {
    self.checkpoint = checkpoint
    self.recipe = recipe
    self.calibration = calibration
    self.execution = execution
    self.options = options
    self.output = output
  }

  /// What each part suffers.
  ///
  /// Every tensor that is quantized and that no option names takes part: embedding, head and vision tower as well, which
  /// have wider codes where nothing is measured.
  ///
  /// - Throws: what converting and comparing throw; `.cannotCreate`.
  public func parts(producer: String, progress: ProgressHandler?) throws -> [MeasuredPart] {
    let folder = try ScratchFolder(beside: output)
    defer { folder.remove() }
    let path = folder.file("trial.fusion")
    let converter = try Converter(
      checkpoint: checkpoint, recipe: try trialRecipe(), calibration: calibration, execution: execution)
    _ = try converter.write(to: path, replacing: false, verifies: false, producer: producer, progress: progress)
    let reference = try ComparedModel(
      checkpoint.path, options.referenceParts, precision: .float32, refusesNonfinite: true, execution: execution)
    let candidate = try ComparedModel(
      path, CheckpointOptions(), precision: .float32, refusesNonfinite: false, execution: execution)
    let samples = try ComparisonSource(options: options, runner: reference.runner).samples().samples
    let names = names(in: converter.plan)
    let parts = SensitivityPartition(names, by: .parts).parts
    let divergences = try SensitivityMeasurer(
      reference: reference, candidate: candidate, samples: samples, options: options, execution: execution
    ).divergences(of: parts, progress: progress)
    return zip(parts, divergences).map { MeasuredPart(name: $0.name, tensors: $0.tensors, divergence: $1) }
  }

  /// The tensors that take part.
  ///
  /// - Throws: what planning throws.
  func tensorNames() throws -> [String] {
    names(in: try QuantizationPlan(graph: checkpoint.graph, recipe: try trialRecipe()))
  }

  private func names(in plan: QuantizationPlan) -> [String] {
    plan.entries.filter { $0.scheme == recipe.scheme }.map(\.tensor.canonicalName)
  }

  /// The recipe with the same bits for everything that is quantized of its own accord.
  private func trialRecipe() throws -> QuantizationRecipe {
    let plan = try QuantizationPlan(graph: checkpoint.graph, recipe: recipe)
    let others = plan.entries.filter { !$0.isRequested && $0.encoding.isQuantized && $0.scheme != recipe.scheme }
    var result = recipe
    result.overrides =
      others.map {
        QuantizationRecipe.Override(
          pattern: NamePattern($0.tensor.canonicalName), scheme: recipe.scheme, reason: "trial of equal bits")
      } + recipe.overrides
    return result
  }
}
