import FusionCore
import NumericKernels
import Quantizers

/// The column scales of AWQ (arXiv 2306.00978, section 3.2): a power of the inputs' mean magnitude, chosen for the least
/// squared error of the layer's output.
///
/// A column is multiplied with s = m^alpha / sqrt(max m^alpha min m^alpha) before it is rounded, so that columns of large
/// inputs get finer steps. Instead of into a neighbouring norm or linear layer, 1 / s goes into the tensor's own column
/// scales, which every layer has, whatever comes before it.
struct ActivationScaling {
  let encoding: TensorEncoding
  let inputs: InputStatistics
  /// Mean of x^2 of each column.
  let squares: [Double]
  /// Means of x_i x_j, or `nil` if those of pairs are not known.
  let moments: [Float]?
  let kernels: KernelSet

  /// Alphas that are tried: 0, 1/20, ... 19/20, as published.
  static let candidateCount = 20
  /// Magnitudes are not taken to be below this.
  private static let leastMagnitude = 1e-4

  /// The scales of the best alpha.
  func scales(_ selection: RowSelection) throws -> [Float] {
    let quantizer = RowQuantizer(kernels: kernels)
    var best: (error: Double, scales: [Float])?
    for candidate in 0..<Self.candidateCount {
      let scales = scales(alpha: Double(candidate) / Double(Self.candidateCount))
      let error = try outputError(scales, selection, quantizer)
      if best.map({ error < $0.error }) ?? true { best = (error, scales) }
    }
    return best?.scales ?? inputs.squareMeans.map { _ in 1 }
  }

  /// 1 / s, as bfloat16 holds it.
  func scales(alpha: Double) -> [Float] {
    let powers = inputs.magnitudeMeans.map {
      max(ExactMath.exponential(alpha * naturalLogarithm(max($0, 1e-30))), Self.leastMagnitude)
    }
    let centre = ((powers.max() ?? 1) * (powers.min() ?? 1)).squareRoot()
    return ColumnBalance.rounded(powers.map { centre / $0 })
  }

  /// The natural logarithm from the binary one, which is the same on every machine.
  private func naturalLogarithm(_ x: Double) -> Double { BinaryLogarithm.of(x) * 0.6931471805599453 }

  /// trace(E H transpose(E)) of the selection's error E.
  private func outputError(_ scales: [Float], _ selection: RowSelection, _ quantizer: RowQuantizer) throws -> Double {
    let difference = try selection.error(RowCoding(encoding: encoding, columnScales: scales), quantizer, kernels)
    guard let moments else {
      var sum = 0.0
      for start in stride(from: 0, to: difference.count, by: selection.columns) {
        for column in 0..<selection.columns {
          sum += squares[column] * Double(difference[start + column]) * Double(difference[start + column])
        }
      }
      return sum
    }
    return OutputError.sum(of: difference, moments: moments, columns: selection.columns)
  }
}
