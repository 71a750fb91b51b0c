import FusionCore
import NumericKernels
import Synchronization
import WeightGraph

/// Finds NaN and infinity in activations, and then the weight they come from.
struct NonfiniteCheck {
  let weights: any ModelWeights
  let context: ComputeContext

  /// Checks what a part of the model has computed.
  ///
  /// - Parameters:
  ///   - place: the part, for a person.
  ///   - prefixes: canonical names of its weights begin with one of these.
  /// - Throws: `.nonfiniteActivation` that names the broken weight, or the place if all weights are sound.
  func check(_ x: ActivationMatrix, place: String, prefixes: [String]) throws {
    guard context.refusesNonfinite, hasNonfinite(x) else { return }
    let names = ExpectedTensors.list(for: weights.configuration).map(\.canonicalName)
    func isHere(_ name: String) -> Bool { prefixes.contains { name.hasPrefix($0) } }
    // What comes in from another part, a projector or a sampler, can be broken too.
    let broken = (names.filter(isHere) + names.filter { !isHere($0) }).lazy.compactMap { self.firstNonfinite($0) }.first
    throw FusionError(
      .nonfiniteActivation,
      broken == nil
        ? "the computation gives numbers that are not finite" : "a weight holds numbers that are not finite",
      place: broken ?? place, expected: "finite numbers", found: "NaN or infinity",
      remedy: broken == nil
        ? "run inspect --stats on the model and look for absurdly large weights"
        : "download or convert the checkpoint again")
  }

  private func hasNonfinite(_ x: ActivationMatrix) -> Bool {
    let found = Atomic(false)
    context.forEachRow(x.rowCount) { row in
      if self.hasNonfinite(UnsafeBufferPointer(x[row])) { found.store(true, ordering: .relaxed) }
    }
    return found.load(ordering: .relaxed)
  }

  private func hasNonfinite(_ values: UnsafeBufferPointer<Float>) -> Bool {
    var moments = Moments()
    context.kernels.accumulate(values, into: &moments)
    return moments.nonfiniteCount > 0
  }

  /// Name and row of the first broken row of a weight.
  private func firstNonfinite(_ name: String) -> String? {
    guard let matrix = try? weights.matrix(name) else { return nil }
    let reading = WeightReading(kernels: context.kernels)
    var values = [Float](repeating: 0, count: matrix.columnCount)
    for row in 0..<matrix.rowCount {
      let isBroken = values.withUnsafeMutableBufferPointer { buffer in
        reading.decode(matrix, rows: row..<(row + 1), into: buffer)
        return hasNonfinite(UnsafeBufferPointer(buffer))
      }
      if isBroken { return "\(name), row \(row)" }
    }
    return nil
  }
}

extension FusionError.Code {
  /// A pass through the model gave NaN or infinity.
  public static let nonfiniteActivation = Self("runtime.nonfiniteActivation")
}
