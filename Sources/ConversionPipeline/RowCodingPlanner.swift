import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Works out how the rows of a tensor become codes, from an even selection of them and what is known of the inputs that
/// they are multiplied with.
struct RowCodingPlanner {
  let source: any WeightSource
  let method: QuantizationMethod
  let calibration: CalibrationStatistics?
  let feedbacks: FeedbackCache
  let execution: ExecutionOptions
  /// Whether sizes alone are wanted: codes that make up for each other's errors take as many bits as others.
  private let forecasts: Bool

  /// The planner of a conversion.
  ///
  /// - Parameters:
  ///   - feedbacks: shared with planners of the same statistics; `nil` for one of its own.
  ///   - forecasts: whether sizes alone are wanted.
  init(_ converter: Converter, feedbacks: FeedbackCache? = nil, forecasts: Bool = false) {
    source = converter.checkpoint.source
    method = converter.recipe.method
    calibration = converter.calibration
    self.feedbacks = feedbacks ?? FeedbackCache(threads: converter.execution.threads)
    execution = converter.execution
    self.forecasts = forecasts
  }

  /// Rows of a selection, and the weights that it may have at most.
  private static let selectedRowCount = 1024
  private static let selectedWeightCount = 1 << 20
  /// How a row's step follows from its size under entropy coding, in quarters: without inputs, and with them.
  private static let rowStepQuarters = (blind: 3, calibrated: 2)

  /// Reads what a coding is chosen by, so that it is in memory when that is timed.
  ///
  /// - Throws: what reading the source throws.
  func readAhead(_ tensor: TensorDescription) throws {
    _ = try RowSelection(
      tensor, of: source, rowCount: Self.selectedRowCount, weightCount: Self.selectedWeightCount,
      kernels: execution.kernels)
  }

  /// The coding of a tensor.
  ///
  /// - Throws: what reading source or statistics throws; a refusal of the quantizer.
  func coding(of entry: PlannedTensor) throws -> RowCoding {
    let encoding = entry.encoding
    if method == .rtn { return RowCoding(encoding: encoding, search: .covering(for: encoding)) }
    let inputs = calibration?.inputs(ofWeight: entry.tensor.canonicalName)
    guard encoding.hasColumnScales else {
      let weights = inputs.map { ColumnPlanner.weights($0.squareMeans, scales: []) } ?? []
      return RowCoding(encoding: encoding, errorWeights: weights, feedback: try feedback(entry, inputs))
    }
    let selection = try RowSelection(
      entry.tensor.description, of: source, rowCount: Self.selectedRowCount, weightCount: Self.selectedWeightCount,
      kernels: execution.kernels)
    let feedback = try feedback(entry, inputs)
    let columns = try ColumnPlanner(
      encoding: encoding, method: method, isEntropyCoded: entry.scheme.isEntropyCoded, inputs: inputs,
      feedback: feedback,
      moments: { try calibration?.secondMoment(ofWeight: entry.tensor.canonicalName) }, kernels: execution.kernels
    ).columns(selection)
    guard case .entropy(let bits) = entry.scheme else {
      return RowCoding(
        encoding: encoding, columnScales: columns.scales, errorWeights: columns.errorWeights, feedback: feedback)
    }
    let quarters = inputs == nil ? Self.rowStepQuarters.blind : Self.rowStepQuarters.calibrated
    let (scales, step) = try EntropyPlanner(
      bits: bits, encoding: encoding, quarters: quarters, kernels: execution.kernels
    )
    .plan(selection, scales: columns.scales)
    return RowCoding(encoding: encoding, columnScales: scales, step: step, feedback: feedback)
  }

  /// What columns make up for each other's errors with; `nil` where the method or the statistics have nothing of it.
  ///
  /// - Throws: what reading the statistics throws.
  func feedback(_ entry: PlannedTensor, _ inputs: InputStatistics?) throws -> ErrorFeedback? {
    guard method == .auto || method == .gptq, !forecasts, let inputs, inputs.hasSecondMoment, let calibration else {
      return nil
    }
    return try feedbacks.feedback(ofSite: inputs.site) {
      try calibration.secondMoment(ofWeight: entry.tensor.canonicalName)
    }
  }
}
