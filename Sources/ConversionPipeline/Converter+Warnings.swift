import ContainerFormat
import FusionCore
import WeightGraph

extension Converter {
  /// Signal to quantization noise below which a model is no longer itself: the noise has more than a fourth of the
  /// weights' amplitude. Codes of three bits have about 15 dB, of two bits about 9 dB.
  static let leastDecibels = 12.0

  /// Roles whose weights lost so much that the model will be worse for it, in a sentence.
  ///
  /// With statistics the error is weighted with the inputs, since that is what the method keeps small.
  func qualityWarnings(_ tensors: [ContainerTensor], _ inputErrors: InputWeightedErrors) -> [String] {
    var roles: [String] = []
    var members: [String: [Int]] = [:]
    for (index, entry) in plan.entries.enumerated() where entry.encoding.isQuantized {
      let role = entry.tensor.role.rawValue
      if members[role] == nil { roles.append(role) }
      members[role, default: []].append(index)
    }
    var poor: [(weighted: Bool, text: String)] = []
    for role in roles {
      let indices = members[role] ?? []
      let weighted = inputErrors.decibels(ofEntries: indices)
      guard let decibels = weighted ?? Self.sqnr(indices.map { tensors[$0] }), decibels < Self.leastDecibels else {
        continue
      }
      poor.append((weighted != nil, "\(role) \((decibels * 10).rounded() / 10) dB"))
    }
    guard let first = poor.first else { return [] }
    return [
      "expect a degraded model: the \(first.weighted ? "input-weighted " : "")SQNR is below \(Int(Self.leastDecibels)) dB ("
        + poor.map(\.text).joined(separator: ", ") + "). Take more bits, and compare: fusion-convert diff "
        + "\(checkpoint.path) CONTAINER"
    ]
  }
}
