import FusionCore
import MappedFiles

extension ModelTracer {
  /// Finds out before the work what would stop the writing after it.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`; `.outputIsInput`, since a trace over a model would destroy it.
  static func refuseOutput(_ output: String, replacing: Bool, of model: RunnableModel) throws {
    _ = try AtomicFile(path: output, replacing: replacing)
    guard let target = FileIdentity(path: output) else { return }
    var inputs = [model.path]
    if let checkpoint = (model.weights as? CheckpointWeights)?.checkpoint {
      inputs = checkpoint.source.files.map(\.path) + checkpoint.sideFiles.map(\.path)
    }
    for input in inputs where FileIdentity(path: input)?.isSameFile(as: target) ?? false {
      throw FusionError(
        .outputIsInput, "the output is a file of the model", file: output, expected: "another file",
        found: "the same file as \(input)", remedy: "choose another name for the output")
    }
  }
}
