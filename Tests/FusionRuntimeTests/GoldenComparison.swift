import TestSupport

/// Holds a trace against golden values.
struct GoldenComparison {
  /// How far one tensor is from its golden values.
  struct Distance {
    let name: String
    let difference: Double
    let peak: Double
    /// What the reference differs from float64.
    let tolerance: Double

    /// What the golden value can be off because it is stored as float32; 0 where many values tell more than one.
    let rounding: Double

    /// Difference over four times the reference's own distance from float64; a tensor that is only copied must be equal.
    var ratio: Double { difference == 0 ? 0 : difference / (4 * tolerance + rounding) }
  }

  let golden: GoldenCase
  let trace: [String: RawSafetensors.Tensor]

  /// The distance of one tensor of floats.
  func distance(_ name: String) throws -> Distance {
    guard let tolerance = golden.tolerances[name]?.difference else { throw GoldenError.noTensor("tolerance \(name)") }
    let expected = try golden.tensor(name)
    let found = try values(name, like: expected)
    guard found.count == expected.floats.count else {
      throw GoldenError.wrongShape(name, [found.count], expected.shape)
    }
    var difference = 0.0
    var peak = 0.0
    for (a, b) in zip(found, expected.floats) {
      let distance = abs(Double(a) - Double(b))
      difference = distance.isNaN ? .infinity : max(difference, distance)
      peak = max(peak, abs(Double(b)))
    }
    let rounding = found.count == 1 ? Double(Float(peak).ulp) : 0
    return Distance(name: name, difference: difference, peak: peak, tolerance: tolerance, rounding: rounding)
  }

  /// What the trace has where the golden tensor may hold only some rows.
  private func values(_ name: String, like expected: RawSafetensors.Tensor) throws -> [Float] {
    if name == "vision.instruct.last_row" { return try lastRowOfTheTower() }
    guard let found = trace[name], found.dtype == "F32" else { throw GoldenError.noTensor(name) }
    if found.shape == expected.shape { return found.floats }
    guard found.shape.count == 3, expected.shape.count == 3, let key = Self.rowsName(name) else {
      throw GoldenError.wrongShape(name, found.shape, expected.shape)
    }
    let rows = try golden.tensor(key).integers
    guard [found.shape[0], rows.count, found.shape[2]] == expected.shape else {
      throw GoldenError.wrongShape(name, found.shape, expected.shape)
    }
    let all = found.floats
    return (0..<found.shape[0]).flatMap { block in
      rows.flatMap { row in
        let start = (block * found.shape[1] + row) * found.shape[2]
        return all[start..<(start + found.shape[2])]
      }
    }
  }

  private func lastRowOfTheTower() throws -> [Float] {
    let states = trace.keys.filter { $0.hasPrefix("vision.instruct.hidden.") }
    guard let state = trace["vision.instruct.hidden.\(states.count - 1)"], let width = state.shape.last else {
      throw GoldenError.noTensor("vision.instruct.hidden")
    }
    return state.floats.suffix(width)
  }

  private static func rowsName(_ name: String) -> String? {
    if name.hasPrefix("vision.instruct.") { return "rows.vision" }
    if name.hasPrefix("vision.global.") || name == "image_features" || name == "vision_features" {
      return "rows.patches"
    }
    if name == "global_image_features" { return "rows.global_map" }
    if name.hasPrefix("decoder.hidden.") || name.hasPrefix("rope.") { return "rows.decoder" }
    return nil
  }
}
