/// Distance of a float32 from a float64 reference, in units of the last place of the reference as a float32.
func ulps(_ value: Float, from reference: Double) -> Double {
  let nearest = Float(reference)
  if value.isInfinite || nearest.isInfinite { return value == nearest ? 0 : .infinity }
  return abs(Double(value) - reference) / Double(max(nearest.magnitude.ulp, .leastNonzeroMagnitude))
}

/// Runs a kernel that works in place on a copy.
func changed(_ values: [Float], by kernel: (UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
  var copy = values
  copy.withUnsafeMutableBufferPointer { kernel($0) }
  return copy
}
