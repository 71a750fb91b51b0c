import Foundation

/// Where values lie along an axis of a plot.
struct PlotScale {
  /// First and last value of the axis.
  let domain: ClosedRange<Double>
  /// Whether equal ratios rather than equal differences are equally far apart.
  let isLogarithmic: Bool
  private let start: Double
  private let end: Double

  /// Chooses an axis for values that are 0 or more; what is not finite or, on a logarithmic axis, not over 0 has no
  /// place on it.
  ///
  /// - Parameters:
  ///   - values: what is to be shown.
  ///   - logarithmic: true or false, or nil to choose by how far the values spread.
  ///   - start: coordinate of the first value.
  ///   - end: coordinate of the last value.
  init(_ values: [Double], logarithmic: Bool? = nil, from start: Double, to end: Double) {
    let positive = values.filter { $0.isFinite && $0 > 0 }
    let low = positive.min() ?? 1
    let high = positive.max() ?? 1
    isLogarithmic = logarithmic ?? (high / low > 30)
    self.start = start
    self.end = end
    if isLogarithmic {
      // Some room at both ends, and at least one decade, so that there are ticks.
      let middle = (low * high).squareRoot()
      domain = min(low / 1.3, middle / 3.2)...max(high * 1.3, middle * 3.2)
    } else {
      let step = Self.step(high)
      domain = 0...max(step, (high / step).rounded(.up) * step)
    }
  }

  /// The coordinate of a value; nil if it has none.
  func position(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let (low, high) = (domain.lowerBound, domain.upperBound)
    let share = isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    return start + min(1, max(0, share)) * (end - start)
  }

  /// Values to write at the axis.
  var ticks: [Double] {
    if isLogarithmic {
      let decades = Int(log10(domain.lowerBound).rounded(.down))...Int(log10(domain.upperBound).rounded(.up))
      let factors: [Double] = decades.count > 4 ? [1] : decades.count > 3 ? [1, 3] : [1, 2, 5]
      let values = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }.filter(domain.contains)
      return stride(from: 0, to: values.count, by: (values.count + 7) / 8).map { values[$0] }
    }
    let step = Self.step(domain.upperBound)
    return (0...Int((domain.upperBound / step).rounded())).map { Double($0) * step }
  }

  /// A round step that cuts a length into three to six.
  private static func step(_ length: Double) -> Double {
    guard length.isFinite, length > 0 else { return 1 }
    let rough = length / 5
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    return factor * power
  }
}
