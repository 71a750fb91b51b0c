import FusionCore
import NumericKernels

/// The column scales of AWQ (arXiv 2306.00978, section 3.2): a power of the inputs' mean magnitude, chosen for the least
/// squared error of the layer's output.
///
/// A column is multiplied with s = m^alpha / sqrt(max m^alpha min m^alpha) before it is rounded, so that columns of large
/// inputs get finer steps. Instead of into a neighbouring norm or linear layer, 1 / s goes into the tensor's own column
/// scales, which every layer has, whatever comes before it.
public struct ActivationScaling {
  /// Alphas that are tried: 0, 1/20, ... 19/20, as published.
  public static let candidateCount = 20
  /// Magnitudes are not taken to be below this.
  private static let leastMagnitude = 1e-4

  private let encoding: TensorEncoding
  private let magnitudes: [Double]
  private let squares: [Double]
  private let moments: [Float]?
  private let kernels: KernelSet

  /// Collects what is known of the inputs.
  ///
  /// - Parameters:
  ///   - encoding: an encoding with column scales.
  ///   - magnitudes: mean of |x| of each column.
  ///   - squares: mean of x^2 of each column.
  ///   - moments: means of x_i x_j, or `nil` if those of pairs are not known.
  public init(
    encoding: TensorEncoding, magnitudes: [Double], squares: [Double], moments: [Float]?, kernels: KernelSet
  ) {
    precondition(magnitudes.count == squares.count, "\(magnitudes.count) and \(squares.count) columns")
    self.encoding = encoding
    self.magnitudes = magnitudes
    self.squares = squares
    self.moments = moments
    self.kernels = kernels
  }

  /// The alpha whose codes make the least error in the output, the least one of several, and its scales.
  ///
  /// - Parameter rows: weights, row after row: all of a tensor or an even selection.
  /// - Throws: a refusal of the quantizer.
  public func best(for rows: [Float]) throws -> (alpha: Double, scales: [Float]) {
    let quantizer = RowQuantizer(kernels: kernels)
    var best = (alpha: 0.0, scales: scales(alpha: 0))
    var least = Double.infinity
    for candidate in 0..<Self.candidateCount {
      let alpha = Double(candidate) / Double(Self.candidateCount)
      let scales = scales(alpha: alpha)
      let error = try outputError(scales, rows, quantizer)
      if error < least { (best, least) = ((alpha, scales), error) }
    }
    return best
  }

  /// 1 / s, as bfloat16 holds it.
  public func scales(alpha: Double) -> [Float] {
    let powers = magnitudes.map {
      max(ExactMath.exponential(alpha * naturalLogarithm(max($0, 1e-30))), Self.leastMagnitude)
    }
    let centre = ((powers.max() ?? 1) * (powers.min() ?? 1)).squareRoot()
    return ColumnBalance.rounded(powers.map { centre / $0 })
  }

  /// The natural logarithm from the binary one, which is the same on every machine.
  private func naturalLogarithm(_ x: Double) -> Double { BinaryLogarithm.of(x) * 0.6931471805599453 }

  /// trace(E H transpose(E)) of the error E that the rows' codes make.
  private func outputError(_ scales: [Float], _ rows: [Float], _ quantizer: RowQuantizer) throws -> Double {
    let columns = magnitudes.count
    let difference = try error(RowCoding(encoding: encoding, columnScales: scales), rows, quantizer)
    if let moments { return OutputError.sum(of: difference, moments: moments, columns: columns) }
    var sum = 0.0
    for start in stride(from: 0, to: difference.count, by: columns) {
      for column in 0..<columns {
        sum += squares[column] * Double(difference[start + column]) * Double(difference[start + column])
      }
    }
    return sum
  }

  /// What decoding gives minus the values.
  private func error(_ coding: RowCoding, _ rows: [Float], _ quantizer: RowQuantizer) throws -> [Float] {
    let columns = magnitudes.count
    let encoded = try rows.withUnsafeBytes {
      try quantizer.encode($0, type: .f32, columns: columns, coding: coding).rows
    }
    var decoded = [Float](repeating: 0, count: rows.count)
    let decoder = RowDecoder(kernels: kernels, encoding: coding.encoding, columns: columns)
    decoded.withUnsafeMutableBufferPointer { target in
      StreamBytes.withBytes(of: encoded.streams) { decoder.decode($0, rows: encoded.rowCount, into: target) }
    }
    for index in decoded.indices { decoded[index] -= rows[index] }
    return decoded
  }
}
