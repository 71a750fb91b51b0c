import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport

/// Second moments of inputs that depend on each other, some columns larger than others.
struct CorrelatedInputs {
  let columns: Int
  /// Means of x_i x_j, row-major, symmetric.
  let moments: [Float]

  init(columns: Int, samples: Int? = nil, seed: UInt64) {
    let samples = samples ?? 3 * columns
    let raw = Distribution.gaussian.values(samples * columns, as: .f32, seed: seed)
    let sizes = Distribution.gaussian.values(columns, as: .f32, seed: seed + 1).map { exp(Double($0) * 50) }
    var inputs = [Double](repeating: 0, count: samples * columns)
    for row in 0..<samples {
      var memory = 0.0
      for column in 0..<columns {
        // Each column has a part of the one before it, and all share the first.
        memory = 0.8 * memory + Double(raw[row * columns + column]) * 50
        inputs[row * columns + column] = sizes[column] * (memory + Double(raw[row * columns]) * 25)
      }
    }
    var moments = [Float](repeating: 0, count: columns * columns)
    for i in 0..<columns {
      for j in 0...i {
        var sum = 0.0
        for row in 0..<samples { sum += inputs[row * columns + i] * inputs[row * columns + j] }
        moments[i * columns + j] = Float(sum / Double(samples))
        moments[j * columns + i] = moments[i * columns + j]
      }
    }
    self.columns = columns
    self.moments = moments
  }

  /// The feedback of these inputs.
  func feedback(ordersByActivation: Bool = true, threads: Int = 1) -> ErrorFeedback {
    moments.withUnsafeBufferPointer {
      ErrorFeedback(
        moments: $0, count: columns, ordersByActivation: ordersByActivation, team: WorkerTeam(threads: threads))
    }
  }

  /// trace(E H transpose(E)) in float64.
  func outputError(_ difference: [Float]) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: difference.count, by: columns) {
      for i in 0..<columns {
        var product = 0.0
        for j in 0..<columns { product += Double(moments[i * columns + j]) * Double(difference[start + j]) }
        sum += product * Double(difference[start + i])
      }
    }
    return sum
  }
}
