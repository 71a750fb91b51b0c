internal import CNumericKernels

extension KernelSet {
  /// Root mean square norm: target = x / sqrt(mean of x² + epsilon) * weight; squares are summed in float64.
  ///
  /// - Precondition: `x`, `weight` and `target` are equally long; `target` may be `x`.
  public func rmsNorm(
    _ x: UnsafeBufferPointer<Float>, weight: UnsafeBufferPointer<Float>, epsilon: Float,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(x.count == target.count && weight.count == target.count, "\(x.count) values into \(target.count)")
    guard let from = x.baseAddress, let factors = weight.baseAddress, let to = target.baseAddress else { return }
    table.pointee.rms_norm_f32(from, factors, x.count, epsilon, to)
  }

  /// Layer norm: target = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the population variance; both
  /// sums in float64, the second about the mean.
  ///
  /// - Precondition: all four are equally long; `target` may be `x`.
  public func layerNorm(
    _ x: UnsafeBufferPointer<Float>, weight: UnsafeBufferPointer<Float>, bias: UnsafeBufferPointer<Float>,
    epsilon: Float, into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(x.count == target.count && weight.count == target.count, "\(x.count) values into \(target.count)")
    precondition(bias.count == target.count, "\(bias.count) biases for \(target.count) values")
    guard let from = x.baseAddress, let factors = weight.baseAddress, let offsets = bias.baseAddress,
      let to = target.baseAddress
    else { return }
    table.pointee.layer_norm_f32(from, factors, offsets, x.count, epsilon, to)
  }

  /// Softmax in place: e^x over the sum of all e^x, the greatest value subtracted first.
  ///
  /// An entry of -inf gives 0, and a row of nothing but -inf gives zeros; a NaN makes the whole row NaN.
  public func softmax(_ row: UnsafeMutableBufferPointer<Float>) {
    guard let base = row.baseAddress else { return }
    table.pointee.softmax_f32(base, row.count)
  }

  /// The gated unit of the language models: target = gate / (1 + e^-gate) * up.
  ///
  /// - Precondition: all three are equally long; `target` may be either of the others.
  public func siluMultiply(
    gate: UnsafeBufferPointer<Float>, up: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(gate.count == target.count && up.count == target.count, "\(gate.count) gates into \(target.count)")
    guard let gates = gate.baseAddress, let factors = up.baseAddress, let to = target.baseAddress else { return }
    table.pointee.silu_multiply_f32(gates, factors, target.count, to)
  }

  /// GELU in its tanh form, in place: x (1 + tanh(sqrt(2 / π) (x + 0.044715 x³))) / 2.
  public func geluTanh(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    table.pointee.gelu_tanh_f32(base, values.count)
  }

  /// GELU in its exact form, in place: x (1 + erf(x / sqrt 2)) / 2.
  public func geluErf(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    table.pointee.gelu_erf_f32(base, values.count)
  }

  /// e^x in place, to 1.5 units in the last place over the whole range; NaN stays NaN.
  public func exponential(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    table.pointee.exp_f32(base, values.count)
  }
}
