import FusionCore

/// Finds the factor of ``RowStep`` that gives a tensor's codes a wanted entropy, on a selection of its rows.
public struct StepSearch: Sendable {
  /// Steps towards the wanted entropy: doubling the factor takes about one bit off, so each leaves a small part of the
  /// distance.
  private static let approachCount = 8
  /// Binary logarithms of factors: from codes of about eight bits to hardly any code that is not 0, in units of the size
  /// of weights.
  private static let exponents = -8.0...4.0
  /// About so many weights are enough to measure the entropy on.
  private static let measuredWeightCount = 1 << 17
  /// Largest code that a column may reach in all but a few rows of the selection; the rest is for other rows.
  private static let reachableCode: Float = 112
  /// One row in so many may go beyond: its group gets a coarser scale then, which harms less than a coarser column does.
  private static let rowsPerException = 64

  private let rows: [Float]
  private let columns: Int
  private let quarters: Int
  private let groupSize: Int
  /// For each row the root mean square to the power of the quarters; 0 for rows of zeros.
  private let sizes: [Double]
  /// For each group of each row the least scale that ``RowStep`` permits.
  private let leastScales: [Float]
  /// The geometric mean over the rows of root mean square over size: with this factor a row's step is about its size.
  private let unit: Double

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - rows: finite weights divided by the column scales, row after row.
  ///   - columns: weights of a row, at least 1.
  ///   - quarters: as in ``RowStep``.
  ///   - groupSize: columns that share a scale, at least 1; the last group of a row may be smaller.
  public init(rows: [Float], columns: Int, quarters: Int, groupSize: Int) {
    precondition(columns > 0 && rows.count % columns == 0, "\(rows.count) weights in rows of \(columns)")
    precondition(groupSize > 0, "groups of \(groupSize) columns")
    self.rows = rows
    self.columns = columns
    self.quarters = quarters
    self.groupSize = groupSize
    var sizes: [Double] = []
    var plain: [Double] = []
    var leastScales: [Float] = []
    rows.withUnsafeBufferPointer { rows in
      for start in stride(from: 0, to: rows.count, by: columns) {
        var squares = 0.0
        for value in rows[start..<(start + columns)] { squares += Double(value) * Double(value) }
        for first in stride(from: start, to: start + columns, by: groupSize) {
          let group = rows[first..<min(first + groupSize, start + columns)]
          leastScales.append(group.reduce(0) { max($0, abs($1)) } / RowStep.topCode)
        }
        let root = (squares / Double(columns)).squareRoot()
        sizes.append(root > 0 ? RowStep.power(root, quarters: quarters) : 0)
        plain.append(root)
      }
    }
    self.sizes = sizes
    self.leastScales = leastScales
    let ratios = zip(plain, sizes).filter { $0.0.isNormal && $0.1.isNormal }.map { $0 / $1 }
    unit = ratios.isEmpty ? 1 : ColumnBalance.geometricMean(ratios)
  }

  /// The rule whose codes have a wanted entropy, or the closest that there is.
  ///
  /// - Parameter bits: bits a code.
  public func step(bits: Double) -> RowStep {
    // A Gaussian's entropy at a step of its standard deviation is 2.05 bits.
    var exponent = 2.05 - bits
    for _ in 0..<Self.approachCount {
      exponent = min(max(exponent, Self.exponents.lowerBound), Self.exponents.upperBound)
      exponent += entropy(factor: factor(exponent)) - bits
    }
    exponent = min(max(exponent, Self.exponents.lowerBound), Self.exponents.upperBound)
    return RowStep(factor: factor(exponent), quarters: quarters)
  }

  private func factor(_ exponent: Double) -> Double { unit * ExactMath.exponential(exponent * 0.6931471805599453) }

  /// Bits a code.
  private func entropy(factor: Double) -> Double { codes(RowStep(factor: factor, quarters: quarters)).entropy }

  /// The codes that a rule gives.
  private func codes(_ step: RowStep) -> CodeHistogram {
    var histogram = CodeHistogram()
    let distance = max(1, rows.count / Self.measuredWeightCount)
    rows.withUnsafeBufferPointer { rows in
      let groupCount = (columns + groupSize - 1) / groupSize
      for row in stride(from: 0, to: sizes.count, by: distance) where sizes[row] > 0 {
        for group in 0..<groupCount {
          let scale = RowStep.storable(max(Float(step.factor * sizes[row]), leastScales[row * groupCount + group]))
          let range = (group * groupSize)..<min((group + 1) * groupSize, columns)
          histogram.add(
            UnsafeBufferPointer(
              rebasing: rows[(row * columns + range.lowerBound)..<(row * columns + range.upperBound)]),
            inverseScale: 1 / scale)
        }
      }
    }
    return histogram
  }

  /// How many times coarser the steps of each column must be so that a rule's codes reach its weights in all but a few
  /// rows; at least 1.
  public func neededColumnScales(_ step: RowStep) -> [Float] {
    let inverses = sizes.map { $0 > 0 ? 1 / RowStep.storable(Float(step.factor * $0)) : 0 }
    let exceptionCount = sizes.count / Self.rowsPerException
    var needed = [Float](repeating: 1, count: columns)
    rows.withUnsafeBufferPointer { rows in
      for column in 0..<columns {
        var beyond: [Float] = []
        for (row, inverse) in inverses.enumerated() {
          let code = abs(rows[row * columns + column]) * inverse
          if code > Self.reachableCode { beyond.append(code) }
        }
        guard beyond.count > exceptionCount else { continue }
        beyond.sort(by: >)
        needed[column] = beyond[exceptionCount] / Self.reachableCode
      }
    }
    return needed
  }
}
