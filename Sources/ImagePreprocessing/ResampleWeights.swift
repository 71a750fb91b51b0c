/// The weights that Pillow gives to source samples for one target sample, in fixed point.
struct ResampleWeights {
  /// Bits behind the point: what 32 bits leave beside 8 of the sample, one for the overshoot and one for the sign.
  static let precisionBitCount: Int32 = 22
  /// Half of the last place, where every sum starts.
  static let half: Int32 = 1 << (precisionBitCount - 1)

  private let sourceCount: Int
  private let scale: Double
  private let filterScale: Double
  private let support: Double
  /// No target sample has more weights.
  let capacity: Int

  /// - Precondition: both counts are at least 1.
  init(from sourceCount: Int, to targetCount: Int) {
    precondition(sourceCount > 0 && targetCount > 0, "resampling from \(sourceCount) to \(targetCount)")
    self.sourceCount = sourceCount
    // Pillow keeps the box as float32.
    scale = Double(Float(sourceCount)) / Double(targetCount)
    filterScale = max(scale, 1)
    support = 2 * filterScale
    capacity = Int(support.rounded(.up)) * 2 + 1
  }

  /// The source samples that a target sample is made of.
  func range(of target: Int) -> Range<Int> {
    let center = (Double(target) + 0.5) * scale
    let start = max(0, Int(center - support + 0.5))
    return start..<min(sourceCount, Int(center + support + 0.5))
  }

  /// Writes the weights of ``range(of:)``.
  ///
  /// - Parameter exact: room for ``capacity`` values, to work in.
  func write(
    of target: Int, to weights: UnsafeMutableBufferPointer<Int32>, exact: UnsafeMutableBufferPointer<Double>
  ) {
    let center = (Double(target) + 0.5) * scale
    let range = range(of: target)
    let inverseScale = 1 / filterScale
    var sum = 0.0
    for index in 0..<range.count {
      let weight = Self.bicubic((Double(index + range.lowerBound) - center + 0.5) * inverseScale)
      exact[index] = weight
      sum += weight
    }
    for index in 0..<range.count {
      let weight = (sum == 0 ? exact[index] : exact[index] / sum) * Double(1 << Self.precisionBitCount)
      weights[index] = Int32(weight < 0 ? weight - 0.5 : weight + 0.5)
    }
  }

  /// The cubic of Keys with a = -0.5; the order of the operations decides the last bit.
  private static func bicubic(_ x: Double) -> Double {
    let x = abs(x)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * -0.5 }
    return 0
  }
}
