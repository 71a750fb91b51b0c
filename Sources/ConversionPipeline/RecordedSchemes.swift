import ContainerFormat
import Foundation
import FusionCore

/// The schemes of a container's tensors by the names that `convert` gave them.
///
/// The encoding of a tensor says how its codes are held, not what they were made for: entropy-coded weights are held as
/// int8 codes. The recipe that the container records tells the two apart.
struct RecordedSchemes {
  private struct Recipe: Decodable {
    let scheme: String
    let tensorTypes: [String]
  }

  private let standard: WeightScheme?
  private let overrides: [QuantizationRecipe.Override]

  /// Reads the recipe; without one that is understood, tensors are named by their encodings.
  init(_ index: ContainerIndex) {
    let recipe = try? JSONDecoder().decode(Recipe.self, from: Data(index.provenance.recipe.utf8))
    standard = recipe.flatMap { try? WeightScheme(parsing: $0.scheme) }
    overrides = (recipe?.tensorTypes ?? []).compactMap { try? QuantizationRecipe.override(parsing: $0, groupSize: nil) }
  }

  /// The name of a tensor's scheme: its type where it is unquantized.
  func name(of tensor: ContainerTensor) -> String {
    guard tensor.encoding.isQuantized else { return tensor.dtype.schemeName }
    guard tensor.encoding == .int8ColumnScaledGroup64 else { return tensor.encoding.name }
    let own = overrides.last { $0.pattern.matches(tensor.name, tensor.canonicalName) }?.scheme ?? standard
    guard let own, own.isEntropyCoded else { return tensor.encoding.name }
    return own.name
  }
}

extension DType {
  /// The name of the scheme that leaves values of this type as they are: `bf16`.
  var schemeName: String { rawValue.lowercased() }
}
