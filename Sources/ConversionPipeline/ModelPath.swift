import ContainerFormat
import FusionCore
import MappedFiles

/// Tells what a path names.
public enum ModelPath {
  /// Whether the path is a container: a file that begins with the container's magic, or is named like one.
  ///
  /// - Throws: `.cannotOpen` if there is nothing.
  public static func isContainer(_ path: String) throws -> Bool {
    guard let identity = try FileIdentity(path: path) else { throw absent(path) }
    guard identity.isRegularFile else { return false }
    if path.hasSuffix(".fusion") { return true }
    return try ContainerReader.recognizes(path)
  }

  /// A path that leads nowhere; one of the form of a name on the Hugging Face hub is told so.
  static func absent(_ path: String) -> FusionError {
    var error = FusionError.cannotOpen(path, errno: 2)
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      parts.count == 2
      && parts.allSatisfy { part in
        guard let first = part.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "~") else { return false }
        return part.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0))
        }
      }
    let isFile = [".fusion", ".safetensors", ".bin", ".pt", ".pth", ".gguf", ".json"].contains(where: path.hasSuffix)
    guard isName, !isFile, (try? FileIdentity(path: String(parts[0]))) == nil else { return error }
    error.remedy =
      "if that is a model on the Hugging Face hub: hf download \(path) --local-dir \(parts[1]), then name the folder"
    return error
  }
}
