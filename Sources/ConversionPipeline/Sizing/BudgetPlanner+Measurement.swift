import FusionCore

extension BudgetPlanner {
  /// A recipe that takes a budget, and what its bits were chosen by.
  public struct Outcome: Sendable {
    /// The recipe.
    public let recipe: QuantizationRecipe
    /// What each part of the model suffers; `nil` if that was not measured.
    public let parts: [MeasuredPart]?
  }

  /// The recipe whose container takes the budget, with the bits where the model suffers most without them.
  ///
  /// - Parameters:
  ///   - options: what the parts are measured on; `nil` to spread the bits evenly.
  ///   - output: the container that this is for; a trial's lies beside it for a while.
  /// - Throws: what ``recipe(for:producer:)`` and ``SensitivityTrial/parts(producer:progress:)`` throw.
  public func outcome(
    for budget: SizeBudget, measuringOn options: ComparisonOptions?, output: String, producer: String,
    progress: ProgressHandler?
  ) throws -> Outcome {
    guard let options else { return Outcome(recipe: try recipe(for: budget, producer: producer), parts: nil) }
    // Harm is measured where the bits will about be.
    let even = try evenRecipe(for: budget, producer: producer)
    let parts = try SensitivityTrial(
      checkpoint: checkpoint, recipe: even, calibration: calibration, options: options, output: output,
      execution: execution
    ).parts(producer: producer, progress: progress)
    let planner = BudgetPlanner(
      checkpoint: checkpoint, recipe: even, parts: parts, calibration: calibration, execution: execution)
    return Outcome(recipe: try planner.recipe(for: budget, producer: producer), parts: parts)
  }

  /// The recipe with evenly spread bits; the one to start with if what must not be changed takes too much for that.
  private func evenRecipe(for budget: SizeBudget, producer: String) throws -> QuantizationRecipe {
    do {
      return try recipe(for: budget, producer: producer)
    } catch let error as FusionError where error.code == .budgetOutOfReach {
      return recipe
    }
  }
}
