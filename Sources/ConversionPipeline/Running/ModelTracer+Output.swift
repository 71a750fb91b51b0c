import FusionCore
import MappedFiles

extension ModelTracer {
  /// Finds out before the work what would stop the writing after it.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`; `.outputIsInput`, since a trace would destroy what it reads.
  static func refuseOutput(_ output: String, replacing: Bool, picture: String?, of model: RunnableModel) throws {
    _ = try AtomicFile(path: output, replacing: replacing)
    guard let target = FileIdentity(path: output) else { return }
    var inputs = [model.path]
    if let checkpoint = (model.weights as? CheckpointWeights)?.checkpoint {
      inputs = checkpoint.source.files.map(\.path) + checkpoint.sideFiles.map(\.path)
    }
    if let picture { inputs.append(picture) }
    for input in inputs where FileIdentity(path: input)?.isSameFile(as: target) ?? false {
      throw FusionError(
        .outputIsInput, "the output is one of the inputs", file: output, expected: "another file",
        found: "the same file as \(input)", remedy: "choose another name for the output")
    }
  }
}
