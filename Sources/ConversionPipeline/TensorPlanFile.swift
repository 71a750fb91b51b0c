import FusionCore
import MappedFiles

/// The file that a plan goes to, opened before the work and named after it.
public struct TensorPlanFile {
  private let file: AtomicFile

  /// Starts the file.
  ///
  /// - Parameters:
  ///   - input: the checkpoint, which is not written over.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.outputIsInput`.
  public init(path: String, input: String, replacing: Bool) throws {
    try OutputGuard.refuse(path, ifAmong: [input])
    file = try AtomicFile(path: path, replacing: replacing)
  }

  /// Writes the plan.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func write(_ plan: TensorPlan) throws {
    try file.append(Array(try plan.text().utf8))
    try file.commit()
  }
}
