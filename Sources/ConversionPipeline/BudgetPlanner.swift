import FusionCore
import WeightGraph

/// Finds the bits of the entropy-coded tensors with which a container takes a wanted size.
///
/// Everything else (tensors that are kept or have codes of a fixed width, files, the index) takes what it takes; the
/// bulk of the weights gets the bits that are left for it.
public struct BudgetPlanner {
  /// The checkpoint and all else that a conversion takes, with an entropy-coded scheme.
  public let checkpoint: Checkpoint
  /// The recipe; its scheme's bits are where the search begins.
  public let recipe: QuantizationRecipe
  /// Statistics of the inputs, or `nil`.
  public let calibration: CalibrationStatistics?
  /// Threads and kernels.
  public let execution: ExecutionOptions

  /// Collects the parts.
  public init(
    checkpoint: Checkpoint, recipe: QuantizationRecipe, calibration: CalibrationStatistics?, execution: ExecutionOptions
  ) {
    self.checkpoint = checkpoint
    self.recipe = recipe
    self.calibration = calibration
    self.execution = execution
  }

  /// Bits are given with so many digits: a thousandth of a bit is far below what a budget asks for.
  private static let unitsPerBit = 1000.0

  /// The recipe whose container takes the budget.
  ///
  /// - Throws: `.budgetOutOfReach` with what can be reached; what a forecast throws.
  public func recipe(for budget: SizeBudget, producer: String) throws -> QuantizationRecipe {
    guard case .entropy(let start) = recipe.scheme else {
      preconditionFailure("a budget is met by entropy-coded tensors, not by \(recipe.scheme.name)")
    }
    let converter = try Converter(
      checkpoint: checkpoint, recipe: recipe, calibration: calibration, execution: execution)
    let forecast = try converter.forecast(output: "", producer: producer)
    let weightCount = converter.plan.entries.filter { $0.scheme == recipe.scheme }
      .reduce(0) { $0 + $1.tensor.description.shape.elementCount }
    let target: Double
    switch budget {
    case .bytes(let bytes): target = Double(bytes)
    case .bitsPerWeight(let bits):
      let sideFileBytes = Double(forecast.outputBytes) - forecast.storedBitsPerWeight * Double(forecast.weightCount) / 8
      target = bits * Double(forecast.weightCount) / 8 + sideFileBytes
    }
    let range = WeightScheme.entropyBits
    func size(_ bits: Double) -> Double { Double(forecast.outputBytes) + (bits - start) * Double(weightCount) / 8 }
    guard weightCount > 0, target >= size(range.lowerBound), target <= size(range.upperBound) else {
      throw FusionError(
        .budgetOutOfReach, "the container cannot take this size", file: checkpoint.path,
        expected: "\(Int(size(range.lowerBound))) to \(Int(size(range.upperBound))) bytes",
        found: "\(Int(target)) bytes",
        remedy: "choose a size in this range, or change what is kept with --keep and --tensor-type")
    }
    let bits = start + (target - Double(forecast.outputBytes)) * 8 / Double(weightCount)
    var result = recipe
    result.scheme = .entropy(bits: (bits * Self.unitsPerBit).rounded(.down) / Self.unitsPerBit)
    return result
  }
}

extension FusionError.Code {
  /// No choice of bits gives a container of the wanted size.
  public static let budgetOutOfReach = Self("options.budgetOutOfReach", .usage)
}
