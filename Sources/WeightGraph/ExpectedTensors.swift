import FusionCore

/// The tensors that a configuration asks for, by the rules of `formats/weight-graph.md`.
public enum ExpectedTensors {
  /// All tensors in canonical order: embedding, decoder layers, final norm, head, vision tower, projector, auxiliary
  /// projector, samplers; optional ones stand at their place among the others.
  ///
  /// - Parameter configuration: a complete one (``ModelConfiguration/isComplete``); while the tower's sizes are not
  ///   known, only the tensors that do not depend on them are listed.
  public static func list(for configuration: ModelConfiguration) -> [TensorSpecification] {
    var list = SpecificationList()
    addLanguage(configuration, to: &list)
    if let vision = configuration.vision, configuration.family.hasVision {
      addVision(vision, to: &list)
      addProjectors(configuration.language, vision, to: &list)
    }
    if let interaction = configuration.interaction {
      addSamplers(interaction, hidden: hiddenSize(configuration.language), to: &list)
    }
    return list.all
  }

  /// Numbers in all tensors that a checkpoint of this configuration must have.
  ///
  /// A tied head is counted once, as the embedding.
  public static func parameterCount(for configuration: ModelConfiguration) -> Int {
    list(for: configuration).filter { !$0.isOptional }.reduce(0) { $0 + $1.shape.elementCount }
  }

  static func hiddenSize(_ language: LanguageConfiguration) -> SizeFormula {
    SizeFormula(language.hiddenSize, "hidden_size")
  }
}
