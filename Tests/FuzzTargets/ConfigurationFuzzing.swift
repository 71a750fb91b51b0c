import FusionCore
import WeightGraph

/// A config.json: what it asks for can be listed, and a checkpoint of just that fits.
enum ConfigurationFuzzing {
  private static let file = "config.json"
  /// Configurations of more tensors are listed but not mapped, which would take most of the time.
  private static let mostMappedTensors = 4096
  /// More than the largest permitted decoder, tower and samplers have together.
  private static let mostTensors = 100_000

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let configuration = try ModelConfiguration(json: Array(bytes), file: file)
    let list = ExpectedTensors.list(for: configuration)
    try FuzzFinding.require(!list.isEmpty && list.count <= mostTensors, "a model of \(list.count) tensors")
    let parameterCount = ExpectedTensors.parameterCount(for: configuration)
    try FuzzFinding.require(parameterCount > 0, "a model of \(parameterCount) parameters")
    for tensor in list {
      try FuzzFinding.require(tensor.shape.elementCount > 0, "\(tensor.canonicalName) is empty")
      try FuzzFinding.require(
        tensor.shapeFormula.count == tensor.shape.rank, "\(tensor.canonicalName) has a formula of another rank")
    }
    try FuzzFinding.require(
      Set(list.map(\.canonicalName)).count == list.count && Set(list.map(\.sourceName)).count == list.count,
      "two tensors have one name")
    if let interaction = configuration.interaction {
      let layers = interaction.samplerLayers(layerCount: configuration.language.layerCount)
      try FuzzFinding.require(
        layers.count <= interaction.samplerCount
          && layers.allSatisfy { (0..<configuration.language.layerCount).contains($0) },
        "samplers after layers \(layers) of \(configuration.language.layerCount)")
    }
    try checkMapping(configuration, list)
  }

  /// A checkpoint of exactly the tensors asked for fits; one without any does not.
  private static func checkMapping(_ configuration: ModelConfiguration, _ list: [TensorSpecification]) throws {
    let nothing = CanonicalGraph.diagnose(configuration: configuration, tensors: [])
    try FuzzFinding.require(!nothing.isEmpty, "a checkpoint without tensors fits")
    try FuzzFinding.check(nothing.error(file: file))
    guard configuration.isComplete, list.count <= mostMappedTensors else { return }
    // A tensor of more than 2^63 bytes can be in no checkpoint.
    let tensors = list.compactMap { specification -> TensorDescription? in
      guard let byteCount = specification.shape.byteCount(of: .bf16) else { return nil }
      return TensorDescription(
        name: specification.sourceName, dtype: .bf16, shape: specification.shape, fileIndex: 0, offset: 0,
        byteCount: byteCount)
    }
    guard tensors.count == list.count else { return }
    let graph = try FuzzFinding.accepting("the graph") {
      try CanonicalGraph.build(configuration: configuration, tensors: tensors, file: file)
    }
    try FuzzFinding.require(graph.tensors.count == list.count, "\(graph.tensors.count) of \(list.count) tensors mapped")
    try FuzzFinding.require(
      graph.configuration.isComplete && graph.configuration.language == configuration.language,
      "the tensors changed the configuration")
  }
}
