import FusionCore
import Quantizers

/// Spreads bits over the parts of a model so that all together cause the least divergence.
///
/// With fine steps the divergence that a part causes falls by a factor of four with every bit of its weights, and small
/// divergences of different parts add up. Then the least sum for a number of bits in all is where every part causes the
/// same divergence a weight (Gersho and Gray, Vector Quantization and Signal Compression, chapter 8):
/// b = b0 + log2(K / n) / 2 + constant, with K the divergence of n weights at b0 bits.
public struct BitAllocation: Sendable {
  /// A part of the model whose weights get the same number of bits.
  public struct Part: Sendable {
    /// Its weights.
    public let weightCount: Int
    /// Bits a weight with which the divergence was measured.
    public let measuredBits: Double
    /// Divergence that it alone causes, in nats; what is not positive and finite counts as not known.
    public let divergence: Double

    /// Collects the fields.
    public init(weightCount: Int, measuredBits: Double, divergence: Double) {
      self.weightCount = weightCount
      self.measuredBits = measuredBits
      self.divergence = divergence
    }
  }

  private let parts: [Part]
  private let range: ClosedRange<Double>

  /// Prepares an allocation.
  ///
  /// - Parameter range: bits a weight that a part may have.
  public init(parts: [Part], range: ClosedRange<Double>) {
    self.parts = parts
    self.range = range
  }

  /// Bits that a part may be below the mean: a part that seemed to do no harm was measured on a few samples only, and
  /// what it is for may not have come up in them.
  private static let leastAdvantage = 1.25
  /// Halvings of the interval of the constant: far below a thousandth of a bit.
  private static let halvingCount = 50

  /// Bits a weight of each part, of which there are so many in all, or as close to that as the range allows. No part is
  /// more than 1.25 bits below the mean.
  ///
  /// - Parameter totalBits: bits over all weights.
  public func bits(total totalBits: Double) -> [Double] {
    let wishes = wishes()
    let weightCount = parts.reduce(0) { $0 + Double($1.weightCount) }
    let least = min(max(totalBits / max(weightCount, 1) - Self.leastAdvantage, range.lowerBound), range.upperBound)
    func spread(_ constant: Double) -> [Double] { wishes.map { min(max($0 + constant, least), range.upperBound) } }
    var low = least - (wishes.max() ?? 0)
    var high = range.upperBound - (wishes.min() ?? 0)
    for _ in 0..<Self.halvingCount {
      let middle = (low + high) / 2
      if Self.total(spread(middle), parts) > totalBits { high = middle } else { low = middle }
    }
    return spread(low)
  }

  private static func total(_ bits: [Double], _ parts: [Part]) -> Double {
    zip(bits, parts).reduce(0) { $0 + $1.0 * Double($1.1.weightCount) }
  }

  /// Bits of each part but for the constant that all have in common.
  private func wishes() -> [Double] {
    let harms = parts.map { part in
      part.divergence.isFinite && part.divergence > 0 ? part.divergence / Double(max(part.weightCount, 1)) : 0
    }
    // Brought to the same number of bits, so that parts that were measured with others compare.
    let levels = zip(harms, parts).map { $0 * ExactMath.exponential($1.measuredBits * Self.logarithmOfFour) }
    let mean = levels.reduce(0, +) / Double(max(levels.count, 1))
    guard mean > 0, mean.isFinite else { return parts.map { _ in 0 } }
    return levels.map { BinaryLogarithm.of(max($0 / mean, Self.leastLevel)) / 2 }
  }

  /// Stands for no harm at all: its logarithm must be a number.
  private static let leastLevel = 1e-9
  private static let logarithmOfFour = 1.3862943611198906
}
