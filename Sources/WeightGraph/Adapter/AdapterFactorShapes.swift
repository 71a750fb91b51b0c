import FusionCore

/// Proves that two factors make an update of a base tensor.
struct AdapterFactorShapes {
  let target: TensorDescription
  let module: String
  let factorA: TensorDescription
  let factorB: TensorDescription
  let isTransposed: Bool
  let configuration: AdapterConfiguration
  let file: String

  /// The rank that shapes and configuration agree on.
  ///
  /// - Throws: `.adapterWrongShape`, `.adapterWrongRank`.
  func rank() throws -> Int {
    let stated = configuration.rank(of: module)
    let found = factorA.shape.rowCount
    guard target.shape.rank >= 2, factorA.shape.rank >= 2, factorB.shape.rank >= 2, target.shape.elementCount > 0 else {
      throw wrongShape(target.shape.rank >= 2 ? factorA : target, "a matrix", target.shape.rank >= 2 ? factorA : target)
    }
    guard found == stated else {
      throw FusionError(
        .adapterWrongRank, "an update of the adapter has another rank than its configuration states", file: file,
        place: "tensor \(factorA.name)", expected: "rank \(stated), as adapter_config.json states for \(module)",
        found: "\(factorA.shape), rank \(found)",
        remedy: "use the adapter_config.json that was saved with these weights")
    }
    let dimensions = target.shape.dimensions
    let (expectedA, expectedB): ([Int], [Int])
    if isTransposed {
      guard target.shape.rank == 2 else { throw wrongShape(target, "a matrix, as the update is transposed", target) }
      (expectedA, expectedB) = ([found, dimensions[0]], [dimensions[1], found])
    } else {
      // A convolution's update is a small convolution followed by one of 1 x 1.
      let ones = [Int](repeating: 1, count: dimensions.count - 2)
      (expectedA, expectedB) = ([found] + dimensions.dropFirst(), [dimensions[0], found] + ones)
    }
    guard factorA.shape.dimensions == expectedA else { throw wrongShape(factorA, "\(expectedA)", factorA) }
    guard factorB.shape.dimensions == expectedB else { throw wrongShape(factorB, "\(expectedB)", factorB) }
    return found
  }

  private func wrongShape(_ tensor: TensorDescription, _ expected: String, _ found: TensorDescription) -> FusionError {
    FusionError(
      .adapterWrongShape, "a factor of an update does not have the shape that its base asks for", file: file,
      place: "tensor \(tensor.name)",
      expected: "\(expected) for \(target.name) \(target.shape)\(isTransposed ? ", transposed" : "")",
      found: found.shape.description,
      remedy: AdapterVocabulary.holds(module: module) && found.shape.dimensions.contains { $0 > target.shape.rowCount }
        ? "the adapter was trained after the vocabulary was grown: save it with embedding and head"
          + " (PEFT: save_embedding_layers=True), or merge it where it was trained"
        : "use the base that the adapter was trained on")
  }
}
