import FusionCore
import MappedFiles

extension ModelTracer {
  /// Finds out before the work what would stop the writing after it.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`; `.outputIsInput`, since a trace would destroy what it reads.
  static func refuseOutput(_ output: String, replacing: Bool, picture: String?, of model: RunnableModel) throws {
    _ = try AtomicFile(path: output, replacing: replacing)
    var inputs = [model.path]
    if let checkpoint = (model.weights as? CheckpointWeights)?.checkpoint {
      inputs = checkpoint.source.files.map(\.path) + checkpoint.sideFiles.map(\.path)
    }
    if let picture { inputs.append(picture) }
    try OutputGuard.refuse(output, ifAmong: inputs)
  }
}
