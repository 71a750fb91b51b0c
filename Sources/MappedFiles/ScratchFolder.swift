import FusionCore
import Glibc

/// A hidden folder beside an output, for large files that are needed for a while. It goes with this object, when the program
/// is stopped, or with the next run.
public final class ScratchFolder {
  private let staging: StagingFolder

  /// Makes the folder.
  ///
  /// - Parameter output: path of what is not to be written yet; its folder must exist.
  /// - Throws: `.cannotCreate`.
  public init(beside output: String) throws {
    let target = try OutputPath(output)
    guard let staging = StagingFolder(in: target.folder) else {
      throw OutputName.cannotCreate(
        target.folder, errno, "name an output in such a folder",
        summary: "cannot create a folder for files that are needed for a while",
        expected: "a folder that may be written to")
    }
    self.staging = staging
  }

  /// A path in the folder.
  public func file(_ name: String) -> String { "\(staging.content)/\(name)" }

  /// Removes the folder with all that is in it.
  public func remove() { staging.remove() }
}
