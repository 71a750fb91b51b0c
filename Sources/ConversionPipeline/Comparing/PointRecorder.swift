import FusionRuntime

/// Keeps the activations of one stage of one prompt until they are compared.
final class PointRecorder: ActivationRecorder {
  /// Names and values, in the order of computation.
  private(set) var points: [(name: String, values: ActivationMatrix)] = []

  func record(_ name: String, _ values: ActivationMatrix, shape: [Int]) {
    if ActivationPoint.isCompared(name) { points.append((name, values)) }
  }
}
