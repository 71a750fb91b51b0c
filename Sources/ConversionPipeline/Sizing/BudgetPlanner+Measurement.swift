extension BudgetPlanner {
  /// A recipe that takes a budget, and what its bits were chosen by.
  public struct Outcome: Sendable {
    /// The recipe.
    public let recipe: QuantizationRecipe
    /// What each part of the model suffers; `nil` if that was not measured.
    public let parts: [MeasuredPart]?
    /// What a user should know.
    public var notices: [String] = []
  }

  /// The recipe whose container takes the budget, with the bits where the model suffers most without them.
  ///
  /// - Parameters:
  ///   - options: what the parts are measured on; `nil` to spread the bits evenly over all that is quantized.
  ///   - isOptional: whether bits are spread evenly, with a notice, where the model cannot be run for that.
  ///   - output: the container that this is for; a trial's lies beside it for a while.
  /// - Throws: what ``recipe(for:producer:)`` and ``SensitivityTrial/parts(producer:progress:)`` throw.
  public func outcome(
    for budget: SizeBudget, measuringOn options: ComparisonOptions?, isOptional: Bool, output: String, producer: String,
    progress: ProgressHandler?
  ) throws -> Outcome {
    // A size that no choice of bits gives is refused before anything is measured.
    let spread = try spreadEvenly(for: budget, producer)
    guard let options else { return Outcome(recipe: spread, parts: nil) }
    if isOptional, !checkpoint.canBeRun {
      let notice = "the model cannot be run, so that no sensitivity could be measured: the bits are spread evenly"
      return Outcome(recipe: spread, parts: nil, notices: [notice])
    }
    // Harm is measured where the bits will about be.
    var even = recipe
    if let scheme = spread.overrides.first?.scheme, scheme.isEntropyCoded { even.scheme = scheme }
    let parts = try trial(even, options, output).parts(producer: producer, progress: progress)
    return Outcome(recipe: try planner(even, parts).recipe(for: budget, producer: producer), parts: parts)
  }

  /// The same bits for everything that is quantized of its own accord: the bulk does not pay for all the others.
  private func spreadEvenly(for budget: SizeBudget, _ producer: String) throws -> QuantizationRecipe {
    let names = try trial(recipe, ComparisonOptions(), "").tensorNames()
    return try planner(recipe, [MeasuredPart(name: "all", tensors: names, divergence: 0)])
      .recipe(for: budget, producer: producer)
  }

  private func trial(_ recipe: QuantizationRecipe, _ options: ComparisonOptions, _ output: String) -> SensitivityTrial {
    SensitivityTrial(
      checkpoint: checkpoint, recipe: recipe, calibration: calibration, options: options, output: output,
      execution: execution)
  }

  private func planner(_ recipe: QuantizationRecipe, _ parts: [MeasuredPart]) -> BudgetPlanner {
    BudgetPlanner(
      checkpoint: checkpoint, recipe: recipe, parts: parts, calibration: calibration, execution: execution)
  }
}
