import ContainerFormat
import FusionCore
import MappedFiles

/// Tells what a path names.
public enum ModelPath {
  /// Whether the path is a container: a file that begins with the container's magic, or is named like one.
  ///
  /// - Throws: `.cannotOpen` if there is nothing.
  public static func isContainer(_ path: String) throws -> Bool {
    guard let identity = FileIdentity(path: path) else { throw FusionError.cannotOpen(path, errno: 2) }
    guard identity.isRegularFile else { return false }
    if path.hasSuffix(".fusion") { return true }
    let file = try MappedFile(path: path)
    let magic = ContainerHeader.magic
    guard file.byteCount >= magic.count else { return false }
    return try file.withBytes(in: 0..<magic.count) { $0.elementsEqual(magic) }
  }
}
