import NumericKernels
import Testing

/// What the kernel tests run over.
enum Levels {
  /// Kernels of every level that this machine has; a level without kernels is an error.
  static func all() throws -> [KernelSet] {
    let levels = InstructionSetLevel.available
    #expect(!levels.isEmpty)
    return try levels.map { try #require(KernelSet(level: $0)) }
  }

  /// None, one, around one and two vectors, whole cache lines, and the width of a vision tower's rows.
  static let lengths = [0, 1, 15, 16, 17, 31, 32, 33, 64, 100, 4304]
}

/// Values with the given generator, of magnitudes from tiny to large and of both signs.
func mixedValues(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Float] {
  (0..<count).map { _ in
    Float.random(in: -1...1, using: &generator)
      * Float(sign: .plus, exponent: .random(in: -20...10, using: &generator), significand: 1)
  }
}
