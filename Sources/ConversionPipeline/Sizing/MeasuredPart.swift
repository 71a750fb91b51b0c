import WeightGraph

/// Tensors that get the same number of bits, and how much harm quantizing them alone does.
public struct MeasuredPart: Sendable, Equatable {
  /// Name of the part, such as `language.layers.0-3.mlp.down.weight`.
  public let name: String
  /// Canonical names of its tensors.
  public let tensors: [String]
  /// Mean divergence of the predictions with this part alone quantized, in nats.
  public let divergence: Double

  /// Collects the fields.
  public init(name: String, tensors: [String], divergence: Double) {
    self.name = name
    self.tensors = tensors
    self.divergence = divergence
  }

  /// The part as a report has it; `nil` if a conversion does not entropy-code it.
  ///
  /// - Parameter plan: of the conversion.
  public func line(in plan: QuantizationPlan) -> ConversionReport.Part? {
    guard let entry = plan.entries.first(where: { $0.tensor.canonicalName == tensors.first }),
      case .entropy(let bits) = entry.scheme
    else { return nil }
    return ConversionReport.Part(name: name, tensorCount: tensors.count, divergence: divergence, bits: bits)
  }
}
