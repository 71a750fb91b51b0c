import TestSupport

/// Holds recorded activations against golden ones.
struct GoldenComparison {
  /// The largest difference of one tensor, as a multiple of what is allowed.
  struct Result {
    let name: String
    let difference: Double
    let peak: Double
    /// Largest difference over four times the reference's own distance from float64.
    let ratio: Double
    /// Largest difference over the peak.
    let relative: Double
  }

  let golden: GoldenCase

  func compare(_ name: String, with entry: ActivationStore.Entry) throws -> Result {
    let expected = try golden.floats(name)
    let shape = try golden.tensor(name).shape
    let found = try rows(of: name, entry, wanted: shape)
    guard found.count == expected.count else { throw GoldenError.wrongShape(name, entry.shape, shape) }
    var difference = 0.0
    var peak = 0.0
    for (a, b) in zip(found, expected) {
      let distance = abs(Double(a) - Double(b))
      difference = distance.isNaN ? .infinity : max(difference, distance)
      peak = max(peak, abs(Double(b)))
    }
    let bound = 4 * (golden.tolerances[name]?.max_abs ?? 0)
    let ratio = difference == 0 ? 0 : difference / bound
    return Result(
      name: name, difference: difference, peak: peak, ratio: ratio, relative: peak == 0 ? 0 : difference / peak)
  }

  /// The rows that the golden tensor holds.
  private func rows(of name: String, _ entry: ActivationStore.Entry, wanted: [Int]) throws -> [Float] {
    guard entry.shape != wanted, let key = rowsKey(name), entry.shape.count == 3 else { return entry.values }
    let indices = try golden.integers(key)
    let (outer, rows, columns) = (entry.shape[0], entry.shape[1], entry.shape[2])
    var values: [Float] = []
    for block in 0..<outer {
      for row in indices {
        let start = (block * rows + row) * columns
        values += entry.values[start..<(start + columns)]
      }
    }
    return values
  }

  private func rowsKey(_ name: String) -> String? {
    if name.hasPrefix("vision.instruct.") { return "rows.vision" }
    if name.hasPrefix("vision.global.") || name == "image_features" || name == "vision_features" {
      return "rows.patches"
    }
    if name == "global_image_features" { return "rows.global_map" }
    if name.hasPrefix("decoder.hidden.") || name.hasPrefix("rope.") { return "rows.decoder" }
    return nil
  }
}
