internal import CNumericKernels

/// Count, sums and extremes of values, kept so that the result depends on the order of the data alone.
///
/// Sums are float64, in 16 lanes that are added in a fixed order at the end; two of these merge lane by lane.
public struct Moments: Sendable {
  var sums: fk_moments
  /// Values seen, finite or not.
  public internal(set) var count = 0

  /// No values yet.
  public init() {
    sums = fk_moments()
    Self.fill(&sums.minimum, with: .infinity)
    Self.fill(&sums.maximum, with: -.infinity)
  }

  /// Values that are NaN or infinite.
  public var nonfiniteCount: Int { Int(sums.nonfinite_count) }

  /// Least finite value; 0 when there is none.
  public var minimum: Float {
    let least = lanes(sums.minimum, as: Float.self).reduce(Float.infinity, Swift.min)
    return least == .infinity ? 0 : least
  }

  /// Greatest finite value; 0 when there is none.
  public var maximum: Float {
    let greatest = lanes(sums.maximum, as: Float.self).reduce(-Float.infinity, Swift.max)
    return greatest == -.infinity ? 0 : greatest
  }

  /// Sum of squares of the finite values.
  public var squareSum: Double { lanes(sums.square_sum, as: Double.self).reduce(0, +) }

  /// Mean of the finite values; 0 when there is none.
  public var mean: Double {
    let finite = count - nonfiniteCount
    return finite == 0 ? 0 : lanes(sums.sum, as: Double.self).reduce(0, +) / Double(finite)
  }

  /// Population standard deviation of the finite values; 0 when there is none.
  public var standardDeviation: Double {
    let finite = count - nonfiniteCount
    guard finite > 0 else { return 0 }
    return Swift.max(0, squareSum / Double(finite) - mean * mean).squareRoot()
  }

  /// Adds what another one has seen after this one.
  public mutating func merge(_ later: Moments) {
    count += later.count
    sums.nonfinite_count += later.sums.nonfinite_count
    combine(&sums.sum, later.sums.sum) { (a: Double, b: Double) in a + b }
    combine(&sums.square_sum, later.sums.square_sum) { (a: Double, b: Double) in a + b }
    combine(&sums.minimum, later.sums.minimum) { (a: Float, b: Float) in Swift.min(a, b) }
    combine(&sums.maximum, later.sums.maximum) { (a: Float, b: Float) in Swift.max(a, b) }
  }

  private static func fill<Tuple>(_ tuple: inout Tuple, with value: Float) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      for index in bytes.bindMemory(to: Float.self).indices { bytes.bindMemory(to: Float.self)[index] = value }
    }
  }
}

/// The 16 lanes of a C array, which Swift sees as a tuple.
func lanes<Tuple, Element>(_ tuple: Tuple, as type: Element.Type = Element.self) -> [Element] {
  withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Element.self)) }
}

/// Combines two C arrays lane by lane into the first.
func combine<Tuple, Element>(_ a: inout Tuple, _ b: Tuple, _ operation: (Element, Element) -> Element) {
  withUnsafeMutableBytes(of: &a) { left in
    withUnsafeBytes(of: b) { right in
      let (x, y) = (left.bindMemory(to: Element.self), right.bindMemory(to: Element.self))
      for lane in x.indices { x[lane] = operation(x[lane], y[lane]) }
    }
  }
}
