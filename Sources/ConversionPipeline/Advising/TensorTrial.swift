import FusionCore

/// What decides how a tensor is stored: conversions that agree in it for a tensor share its outcome.
struct TensorTrial: Hashable, Sendable {
  let scheme: WeightScheme
  let method: QuantizationMethod

  init(_ entry: PlannedTensor, method: QuantizationMethod) {
    scheme = entry.scheme
    self.method = entry.encoding.isQuantized ? method : .auto
  }
}
