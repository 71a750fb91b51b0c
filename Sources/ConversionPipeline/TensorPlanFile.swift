import FusionCore
import MappedFiles

/// The file that a plan goes to, opened before the work and named after it.
public struct TensorPlanFile {
  private let path: String
  /// `nil` where an earlier run has written the plan.
  private let file: AtomicFile?

  /// Starts the file.
  ///
  /// - Parameters:
  ///   - replacing: whether a file of that name may be replaced; ``CommandFiles`` says that it is not read.
  ///   - resumes: whether the same plan, written by an earlier run, may be there.
  /// - Throws: `.outputExists`, `.cannotCreate`.
  public init(path: String, replacing: Bool, resumes: Bool = false) throws {
    self.path = path
    let isWritten = try resumes && !replacing && (FileIdentity(path: path)?.isRegularFile ?? false)
    file = isWritten ? nil : try AtomicFile(path: path, replacing: replacing)
  }

  /// Writes the plan.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`; `.outputExists` if another file is there.
  public func write(_ plan: TensorPlan) throws {
    let bytes = Array(try plan.text().utf8)
    guard let file else {
      let mapped = try MappedFile(path: path)
      guard try mapped.withBytes(in: 0..<mapped.byteCount, { $0.elementsEqual(bytes) }) else {
        return try OutputName.check(path, replacing: false)
      }
      return
    }
    try file.append(bytes)
    try file.commit()
  }
}
