import FusionCore
import MappedFiles

/// Keeps outputs from replacing what is being read: an output may be a link to an input.
enum OutputGuard {
  /// Refuses an output that is one of the inputs.
  ///
  /// - Throws: `.outputIsInput`.
  static func refuse(_ output: String, ifAmong inputs: [String]) throws {
    guard let target = FileIdentity(path: output),
      let input = inputs.first(where: { FileIdentity(path: $0)?.isSameFile(as: target) ?? false })
    else { return }
    throw FusionError(
      .outputIsInput, "the output is one of the inputs", file: output, expected: "another file",
      found: "the same file as \(input)", remedy: "choose another name for the output")
  }
}

extension FusionError.Code {
  /// The output would replace a file that is being read.
  public static let outputIsInput = Self("convert.outputIsInput", .cannotCreate)
}
