import FusionCore
import NumericKernels
import WeightGraph

/// Gives the energy of a tensor's inputs: what statistics say of them, or else what stands in for them.
struct InputEnergyReader {
  let calibration: CalibrationStatistics?
  let kernels: KernelSet

  /// Means of products of the input that was looked at last: tensors that share an input follow each other.
  private var site = ""
  private var products: [Float] = []

  init(calibration: CalibrationStatistics?, kernels: KernelSet) {
    self.calibration = calibration
    self.kernels = kernels
  }

  /// What was observed of a tensor's inputs; `nil` if nothing was.
  ///
  /// - Throws: what reading the statistics throws.
  mutating func observed(_ tensor: GraphTensor) throws -> InputEnergy? {
    guard let calibration, let inputs = calibration.inputs(ofWeight: tensor.canonicalName) else { return nil }
    guard inputs.hasSecondMoment else { return InputEnergy(squares: inputs.squareMeans) }
    if site != inputs.site {
      // One of them is large; two are not held at a time.
      products = []
      products = try calibration.secondMoment(ofWeight: tensor.canonicalName) ?? []
      site = inputs.site
    }
    return InputEnergy(squares: inputs.squareMeans, products: products)
  }

  /// The same, or what a selection of the tensor's rows tells of inputs that nobody observed.
  ///
  /// - Throws: what reading the statistics throws.
  mutating func energy(_ tensor: GraphTensor, _ selection: RowSelection) throws -> InputEnergy {
    if let observed = try observed(tensor) { return observed }
    // Rows of an embedding are looked up: there is no input that its columns could differ by.
    if tensor.role == .embedding {
      return InputEnergy(squares: [Double](repeating: 1, count: selection.columns))
    }
    return InputEnergy(standingInFor: selection.rows, columns: selection.columns, kernels: kernels)
  }
}
