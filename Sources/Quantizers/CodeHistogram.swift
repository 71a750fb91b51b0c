/// How often each code of eight bits occurs.
public struct CodeHistogram: Sendable, Equatable {
  /// Counts by code + 128.
  public private(set) var counts = [Int](repeating: 0, count: 256)

  /// Nothing counted yet.
  public init() {}

  /// Counts codes.
  public mutating func add(_ codes: UnsafeBufferPointer<Int8>) {
    counts.withUnsafeMutableBufferPointer { counts in
      for code in codes { counts[Int(code) + 128] += 1 }
    }
  }

  /// Counts codes of four bits, the lower half of each byte first.
  mutating func addNibbles(_ bytes: UnsafeRawBufferPointer, count: Int) {
    counts.withUnsafeMutableBufferPointer { counts in
      for position in 0..<count {
        let byte = bytes[position / 2]
        counts[Int(position % 2 == 0 ? byte & 15 : byte >> 4) + 128] += 1
      }
    }
  }

  /// Adds the counts of another histogram.
  public mutating func merge(_ other: CodeHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// Counts the nearest codes of weights.
  mutating func add(_ weights: UnsafeBufferPointer<Float>, inverseScale: Float) {
    // Adding and subtracting this rounds to the nearest integer.
    let magic: Float = 0x1.8p23
    counts.withUnsafeMutableBufferPointer { counts in
      for weight in weights {
        let steps = min(max(weight * inverseScale, -RowStep.topCode), RowStep.topCode)
        counts[Int((steps + magic) - magic) + 128] += 1
      }
    }
  }

  /// Shannon's entropy in bits a code: what no code that looks at each number alone can go below.
  public var entropy: Double {
    let total = counts.reduce(0, +)
    guard total > 0 else { return 0 }
    var sum = 0.0
    for count in counts where count > 0 {
      let share = Double(count) / Double(total)
      sum -= share * BinaryLogarithm.of(share)
    }
    return sum
  }
}
