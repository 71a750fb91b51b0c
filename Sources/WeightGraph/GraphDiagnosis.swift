import FusionCore

/// A checkpoint's tensors beside those that its configuration asks for, and what differs.
struct GraphDiagnosis {
  /// The configuration, completed by shapes where it had to be.
  let configuration: ModelConfiguration
  let specifications: [TensorSpecification]
  /// Tensors by source name; of duplicates the first.
  let tensors: [String: TensorDescription]
  private let duplicates: [String]

  init(configuration: ModelConfiguration, tensors list: [TensorDescription]) {
    self.configuration = configuration.completed(by: list)
    specifications = ExpectedTensors.list(for: self.configuration)
    var tensors: [String: TensorDescription] = [:]
    var duplicates: [String] = []
    for tensor in list {
      if tensors[tensor.name] == nil { tensors[tensor.name] = tensor } else { duplicates.append(tensor.name) }
    }
    self.tensors = tensors
    self.duplicates = duplicates.sorted()
  }

  func report() -> GraphProblemReport {
    let missing = missingProblems()
    let unexpected = unexpectedProblems()
    let shapes = specifications.compactMap(shapeProblem)
    let types = specifications.compactMap(typeProblem)
    let repeated = duplicates.map { GraphProblem(.duplicate, $0) }
    let problems = missing + unexpected + shapes + types + repeated
    return GraphProblemReport(
      problems: problems, likelyCauses: problems.isEmpty ? [] : likelyCauses(missing, unexpected, types),
      modelSummary: modelSummary)
  }

  private var modelSummary: String {
    let language = configuration.language
    var text =
      "a \(configuration.family.rawValue) of \(language.layerCount) decoder layers, hidden size "
      + "\(language.hiddenSize), vocabulary \(language.vocabularySize)"
    if let vision = configuration.vision, configuration.family.hasVision {
      text += ", and \(vision.keptLayerCount) vision layers, hidden size \(vision.hiddenSize)"
    }
    let required = specifications.filter { !$0.isOptional }.count
    return text + (configuration.isComplete ? " (\(required) tensors)" : "")
  }

  private func missingProblems() -> [GraphProblem] {
    var problems = specifications.filter { !$0.isOptional && tensors[$0.sourceName] == nil }.map {
      GraphProblem(.missing, $0.sourceName, canonical: $0.canonicalName, expected: $0.shape.description)
    }
    if !configuration.isComplete {
      problems += ModelConfiguration.towerKeys.filter { tensors[$0] == nil }.map {
        GraphProblem(.missing, $0, hint: "config.json does not tell the vision tower's sizes, and this tensor would")
      }
      if problems.isEmpty {
        problems = ModelConfiguration.towerKeys.compactMap { tensors[$0] }.map {
          GraphProblem(
            .wrongShape, $0.name, expected: "sizes of a vision tower", found: $0.shape.description,
            hint: "config.json does not tell them either")
        }
      }
    }
    return problems
  }

  private func unexpectedProblems() -> [GraphProblem] {
    let known = Set(specifications.map(\.sourceName))
    let names = tensors.keys.filter { !known.contains($0) && !isOfUnknownTower($0) }.sorted()
    guard !names.isEmpty else { return [] }
    var search = NearestName(specifications.map(\.sourceName))
    return names.map { name in
      let found = tensors[name].map { "\($0.dtype.rawValue) \($0.shape)" }
      var hint: String?
      if SpecialNames.isQuantized(name) {
        hint = "part of a quantized tensor"
      } else if SpecialNames.isLoRA(name) {
        hint = "part of a LoRA adapter"
      } else if search.isKnownPattern(name) {
        hint = "a number that the configuration does not reach"
      } else if let nearest = search.nearest(to: name) {
        return GraphProblem(.unexpected, name, found: found, nearest: nearest)
      }
      return GraphProblem(.unexpected, name, found: found, hint: hint)
    }
  }

  /// Whether a name cannot be judged because the tower's sizes are not known.
  private func isOfUnknownTower(_ name: String) -> Bool {
    guard !configuration.isComplete else { return false }
    return [SourceNames.vision, "model.mm_projector.", "model.aux_projector."].contains { name.hasPrefix($0) }
  }

  private func shapeProblem(_ specification: TensorSpecification) -> GraphProblem? {
    guard let tensor = tensors[specification.sourceName] else { return nil }
    let expected = specification.shape
    let fits =
      specification.role == .buffer
      ? tensor.shape.elementCount == expected.elementCount : tensor.shape == expected
    guard !fits else { return nil }
    return GraphProblem(
      .wrongShape, specification.sourceName, canonical: specification.canonicalName, expected: expected.description,
      found: tensor.shape.description, hint: shapeHint(specification, tensor.shape))
  }

  private func shapeHint(_ specification: TensorSpecification, _ found: Shape) -> String? {
    let expected = specification.shape
    guard expected.rank == found.rank else { return "\(found.rank) dimensions instead of \(expected.rank)" }
    if expected.rank == 2, expected.dimensions == found.dimensions.reversed() { return "transposed" }
    guard let index = expected.dimensions.indices.first(where: { expected.dimensions[$0] != found.dimensions[$0] })
    else { return nil }
    let unit = index == 0 ? "rows" : index == 1 ? "columns" : "values in dimension \(index)"
    let field = specification.shapeFormula[index]
    return "\(source(of: field)) \(field) \(expected.dimensions[index]), tensor has \(found.dimensions[index]) \(unit)"
  }

  /// Where a field's value was taken from, for an error.
  func source(of field: String) -> String {
    let isOfTower = field.contains("vision_config") || field == "patches"
    switch configuration.vision?.origin {
    case .knownTower where isOfTower: return "the published tower's"
    case .shapes where isOfTower: return "the other tensors'"
    default: return "config.json"
    }
  }

  private func typeProblem(_ specification: TensorSpecification) -> GraphProblem? {
    guard let tensor = tensors[specification.sourceName], specification.role != .buffer,
      !tensor.dtype.isFloatingPoint
    else { return nil }
    return GraphProblem(
      .wrongType, specification.sourceName, canonical: specification.canonicalName,
      expected: "a floating-point type", found: tensor.dtype.rawValue)
  }
}
