import AccuracyMetrics
import ContainerFormat
import FusionCore
import Quantizers
import WeightGraph

/// The error of tensors' outputs in a conversion with statistics: what methods that know the inputs keep small, while
/// the error of the weights themselves may grow. Measured on an even selection of each tensor's rows.
///
/// May be used from several threads at once.
final class InputWeightedErrors: Sendable {
  /// Rows and weights of a selection at most.
  private static let selectedRowCount = 64
  private static let selectedWeightCount = 1 << 18

  private let converter: Converter
  private let reader: Protected<InputEnergyReader>
  private let errors = Protected<[Int: Double]>([:])

  init(converter: Converter) {
    self.converter = converter
    reader = Protected(
      InputEnergyReader(calibration: converter.calibration, kernels: converter.execution.kernels))
  }

  /// Measures a tensor, if its inputs were observed.
  ///
  /// - Parameter coding: how its rows become codes.
  /// - Throws: what reading source or statistics throws; a refusal of the quantizer.
  func measure(entry index: Int, _ coding: RowCoding?) throws {
    guard let coding, converter.calibration != nil else { return }
    let entry = converter.plan.entries[index]
    // One at a time: the products of all pairs of columns are large.
    try reader.withLock { reader in
      guard let energy = try reader.observed(entry.tensor) else { return }
      let selection = try RowSelection(
        entry.tensor.description, of: converter.checkpoint.source, rowCount: Self.selectedRowCount,
        weightCount: Self.selectedWeightCount, kernels: converter.execution.kernels)
      let sample = SampledTensor(
        selection: selection, energy: energy, readingSeconds: 0, policy: .raw, kernels: converter.execution.kernels)
      let error = energy.relativeError(of: try sample.decoded(coding), from: selection.rows)
      errors.withLock { $0[index] = error }
    }
  }

  /// The ratio of outputs to their error over some tensors, in decibels; `nil` if none of them was measured.
  func decibels(ofEntries indices: [Int]) -> Double? {
    let errors = errors.withLock { $0 }
    var (sum, count) = (0.0, 0.0)
    for index in indices {
      guard let error = errors[index] else { continue }
      let weightCount = Double(converter.plan.entries[index].tensor.description.shape.elementCount)
      sum += error * weightCount
      count += weightCount
    }
    guard count > 0, sum > 0 else { return nil }
    return SignalToQuantizationNoise.decibels(signalEnergy: count, errorEnergy: sum)
  }
}
