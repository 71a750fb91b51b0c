/// The scale of a row as a function of its weights, for codes that are entropy coded: then coarse steps over a wide
/// alphabet are better than steps that just cover the weights.
///
/// With r the root mean square of the row's weights after the division by the column scales, the scale is
/// max(factor r^(quarters / 4), max |w| / 127), so that no weight is out of reach. Where a row has several groups, r is
/// the row's and the maximum each group's.
public struct RowStep: Sendable, Hashable {
  /// Factor; positive.
  public var factor: Double
  /// How much of a row's size goes into its step, in quarters: 4 gives every row the same number of bits, 0 every row
  /// the same step.
  public var quarters: Int

  /// Collects the fields.
  ///
  /// - Precondition: a positive factor; 0 to 4 quarters.
  public init(factor: Double, quarters: Int) {
    precondition(factor > 0 && factor.isFinite && (0...4).contains(quarters), "factor \(factor), quarters \(quarters)")
    self.factor = factor
    self.quarters = quarters
  }

  /// The greatest code.
  static let topCode: Float = 127

  /// The step of a row, whatever its codes reach; 0 for a row of zeros.
  ///
  /// Square roots alone are used for the power: unlike `pow` they are exact on every machine.
  func step(of row: UnsafeBufferPointer<Float>) -> Float {
    var squares = 0.0
    for value in row { squares += Double(value) * Double(value) }
    guard squares > 0, !row.isEmpty else { return 0 }
    return Float(factor * Self.power((squares / Double(row.count)).squareRoot(), quarters: quarters))
  }

  /// The scale of a group.
  ///
  /// - Parameter step: of the row.
  static func scale(step: Float, of group: UnsafeBufferPointer<Float>) -> Float {
    var peak: Float = 0
    for value in group { peak = max(peak, abs(value)) }
    return peak > 0 ? storable(max(step, peak / topCode)) : 1
  }

  /// x to the power of a number of quarters.
  static func power(_ x: Double, quarters: Int) -> Double {
    let root = x.squareRoot()
    switch quarters {
    case 0: return 1
    case 1: return root.squareRoot()
    case 2: return root
    case 3: return root * root.squareRoot()
    default: return x
    }
  }

  /// The nearest bfloat16 that is not below the number by more than its rounding, within the range of scales.
  static func storable(_ scale: Float) -> Float {
    let bounded = min(max(scale, Float.leastNormalMagnitude), 1e38)
    let bits = bounded.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
  }
}
