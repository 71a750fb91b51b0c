import FusionCore
import MappedFiles

extension ModelTracer {
  /// Finds out before the work what would stop the writing after it.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`; `.outputIsInput`, since a trace would destroy what it reads.
  static func refuseOutput(_ output: String, replacing: Bool, picture: String?, of model: RunnableModel) throws {
    var files = CommandFiles()
    files.read(
      model: model.path, options: (model.weights as? CheckpointWeights)?.checkpoint.options ?? CheckpointOptions())
    files.read(file: picture)
    files.write(file: output)
    try files.check()
    try OutputName.check(output, replacing: replacing)
  }
}
