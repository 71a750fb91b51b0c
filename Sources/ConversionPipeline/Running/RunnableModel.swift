import ContainerFormat
import FusionCore
import FusionRuntime
import WeightGraph

/// A model to run, as a path names it: a checkpoint folder or a container.
public struct RunnableModel: Sendable {
  /// Path as given.
  public let path: String
  /// The weights by canonical name.
  public let weights: any ModelWeights
  /// Bytes of a file that belongs to the model, such as tokenizer.json; `nil` if there is no such file.
  public let file: @Sendable (_ name: String) throws -> [UInt8]?
  /// What a user should know.
  public let notices: [String]

  /// What the model is.
  public var configuration: ModelConfiguration { weights.configuration }

  /// A model with its weights in another form.
  init(_ model: RunnableModel, weights: any ModelWeights) {
    path = model.path
    file = model.file
    notices = model.notices
    self.weights = weights
  }

  /// Opens a model and proves that it is whole; no weight is read.
  ///
  /// - Parameter options: what a checkpoint is put together with.
  /// - Throws: every way in which checkpoint or container can be wrong; a usage error for options with a container.
  public init(path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    self.path = path
    if try ModelPath.isContainer(path) {
      try options.refuseForContainer(path)
      let model = try ContainerModel(path: path)
      let names = Set(model.reader.index.files.map(\.name))
      weights = try ContainerWeights(model)
      file = { names.contains($0) ? try model.file($0) : nil }
      notices = model.reader.index.provenance.notices
    } else {
      let checkpoint = try Checkpoint(path: path, options: options)
      let files = Dictionary(checkpoint.sideFiles.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      weights = CheckpointWeights(checkpoint: checkpoint)
      file = { try files[$0]?.read() }
      notices = checkpoint.notices
    }
  }
}
