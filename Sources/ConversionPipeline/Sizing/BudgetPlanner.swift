import AccuracyReports
import FusionCore
import WeightGraph

/// Finds the bits of the entropy-coded tensors with which a container takes a wanted size.
///
/// Everything else (tensors that are kept or have codes of a fixed width, files, the index) takes what it takes. What is
/// left is spread evenly, or, where the harm that each part of the model suffers was measured, so that all parts
/// together suffer the least.
public struct BudgetPlanner {
  /// The checkpoint and all else that a conversion takes, with an entropy-coded scheme.
  public let checkpoint: Checkpoint
  /// The recipe; its scheme's bits are where the search begins, and where parts were measured.
  public let recipe: QuantizationRecipe
  /// What each part suffers at the recipe's bits; `nil` to spread evenly over the bulk of the weights.
  public let parts: [MeasuredPart]?
  /// Statistics of the inputs, or `nil`.
  public let calibration: CalibrationStatistics?
  /// Threads and kernels.
  public let execution: ExecutionOptions

  /// Collects the parts.
  public init(
    checkpoint: Checkpoint, recipe: QuantizationRecipe, parts: [MeasuredPart]? = nil,
    calibration: CalibrationStatistics?, execution: ExecutionOptions
  ) {
    self.checkpoint = checkpoint
    self.recipe = recipe
    self.parts = parts
    self.calibration = calibration
    self.execution = execution
  }

  /// Bits are given with so many digits: a thousandth of a bit is far below what a budget asks for.
  private static let unitsPerBit = 1000.0
  /// Forecasts after the first: what scales and coding take depends a little on the bits.
  private static let correctionCount = 2

  /// The recipe whose container takes the budget.
  ///
  /// - Throws: `.budgetOutOfReach` with what can be reached; what a forecast throws.
  public func recipe(for budget: SizeBudget, producer: String) throws -> QuantizationRecipe {
    if parts == nil, case .meanBits(let bits) = budget {
      var result = recipe
      result.scheme = .entropy(bits: bits)
      return result
    }
    guard case .entropy(let start) = recipe.scheme else {
      preconditionFailure("a budget is met by entropy-coded tensors, not by \(recipe.scheme.name)")
    }
    let first = try converter(recipe)
    let shares = shares(of: first.plan, bits: start)
    let weightCount = shares.reduce(0) { $0 + $1.part.weightCount }
    if case .meanBits(let bits) = budget { return spread(shares, total: bits * Double(weightCount)) }
    var result = parts == nil ? recipe : spread(shares, total: start * Double(weightCount))
    var total = start * Double(weightCount)
    let range = WeightScheme.entropyBits
    for attempt in 0...Self.correctionCount {
      let forecast = try converter(result).forecast(output: "", producer: producer)
      let target = Self.byteCount(of: budget, forecast)
      func size(_ bits: Double) -> Double { Double(forecast.outputBytes) + (bits * Double(weightCount) - total) / 8 }
      guard weightCount > 0, target >= size(range.lowerBound), target <= size(range.upperBound) else {
        throw FusionError(
          .budgetOutOfReach, "the container cannot take this size", file: checkpoint.path,
          expected: "\(Self.text(size(range.lowerBound))) to \(Self.text(size(range.upperBound)))",
          found: Self.text(target),
          remedy: Self.isWithoutUnit(budget, target)
            ? "a size without a unit is in bytes: write for example 2.5MB or 2.5GB"
            : "choose a size in this range, or change what is kept with --keep and --tensor-type")
      }
      if attempt > 0, abs(target / Double(forecast.outputBytes) - 1) < Self.closeEnough { break }
      total += (target - Double(forecast.outputBytes)) * 8
      result = spread(shares, total: total)
    }
    return result
  }

  private static func text(_ size: Double) -> String { ReportFormat.bytes(Int(exactly: size.rounded()) ?? .max) }

  /// Whether a number was taken for bytes that somebody gave without a unit.
  private static func isWithoutUnit(_ budget: SizeBudget, _ target: Double) -> Bool {
    if case .bytes = budget { target < 10_000 } else { false }
  }

  /// No further forecast is made for less than this share of the size.
  private static let closeEnough = 1e-4

  private func converter(_ recipe: QuantizationRecipe) throws -> Converter {
    try Converter(checkpoint: checkpoint, recipe: recipe, calibration: calibration, execution: execution)
  }

  private static func byteCount(of budget: SizeBudget, _ forecast: ConversionReport) -> Double {
    switch budget {
    case .bytes(let bytes): return Double(bytes)
    case .meanBits: preconditionFailure("means are met without a forecast")
    case .bitsPerWeight(let bits):
      let sideFileBytes = Double(forecast.outputBytes) - forecast.storedBitsPerWeight * Double(forecast.weightCount) / 8
      return bits * Double(forecast.weightCount) / 8 + sideFileBytes
    }
  }

  /// Tensors that share a number of bits.
  private struct Share {
    let tensors: [String]
    let part: BitAllocation.Part
  }

  private func shares(of plan: QuantizationPlan, bits: Double) -> [Share] {
    let counts = Dictionary(
      plan.entries.map { ($0.tensor.canonicalName, $0.tensor.description.shape.elementCount) },
      uniquingKeysWith: { first, _ in first })
    if let parts {
      return parts.map { part in
        Share(
          tensors: part.tensors,
          part: BitAllocation.Part(
            weightCount: part.tensors.reduce(0) { $0 + (counts[$1] ?? 0) }, measuredBits: bits,
            divergence: part.divergence))
      }
    }
    let count = plan.entries.filter { $0.scheme == recipe.scheme }
      .reduce(0) { $0 + $1.tensor.description.shape.elementCount }
    return [Share(tensors: [], part: BitAllocation.Part(weightCount: count, measuredBits: bits, divergence: 0))]
  }

  /// The recipe with so many bits over all weights that a number can be chosen for.
  private func spread(_ shares: [Share], total: Double) -> QuantizationRecipe {
    let bits = BitAllocation(parts: shares.map(\.part), range: WeightScheme.entropyBits).bits(total: total)
      .map { ($0 * Self.unitsPerBit).rounded() / Self.unitsPerBit }
    var result = recipe
    if parts == nil {
      result.scheme = .entropy(bits: bits[0])
    } else {
      result.overrides = Self.overrides(zip(shares, bits).map { ($0.tensors, $1) }) + recipe.overrides
    }
    return result
  }

  private static func overrides(_ choices: [(tensors: [String], bits: Double)]) -> [QuantizationRecipe.Override] {
    choices.flatMap { choice in
      choice.tensors.map { name in
        QuantizationRecipe.Override(
          pattern: NamePattern(name), scheme: .entropy(bits: choice.bits), reason: "measured sensitivity")
      }
    }
  }
}

extension FusionError.Code {
  /// No choice of bits gives a container of the wanted size.
  public static let budgetOutOfReach = Self("options.budgetOutOfReach", .usage)
}
