import ContainerFormat
import FusionCore
import MappedFiles

/// Tells what a path names.
public enum ModelPath {
  /// Whether the path is a container: a file that begins with the container's magic, or is named like one.
  ///
  /// - Throws: `.cannotOpen` if there is nothing.
  public static func isContainer(_ path: String) throws -> Bool {
    guard let identity = try FileIdentity(path: path) else { throw FusionError.cannotOpen(path, errno: 2) }
    guard identity.isRegularFile else { return false }
    if path.hasSuffix(".fusion") { return true }
    return try ContainerReader.recognizes(path)
  }
}
