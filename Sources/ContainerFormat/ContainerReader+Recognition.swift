import FusionCore
import MappedFiles

extension ContainerReader {
  /// Whether a file begins like a container; what follows is not looked at.
  ///
  /// - Throws: `.cannotOpen`, `.changedWhileReading`.
  public static func recognizes(_ path: String) throws -> Bool {
    let file = try MappedFile(path: path)
    let magic = ContainerHeader.magic
    guard file.byteCount >= magic.count else { return false }
    return try file.withBytes(in: 0..<magic.count) { $0.elementsEqual(magic) }
  }
}
