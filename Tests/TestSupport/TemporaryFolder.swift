import Foundation

/// A folder of its own for one test, removed when the value goes away.
public final class TemporaryFolder {
  /// Absolute path without a slash at the end.
  public let path: String

  /// Makes a new, empty folder.
  public init() throws {
    let base = FileManager.default.temporaryDirectory.path
    path = "\(base)/fusion-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Path of a name inside.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes bytes to a name inside and returns its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Writes text to a name inside and returns its path.
  @discardableResult
  public func write(_ name: String, text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// Removes a file.
  public func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

  /// Names inside, sorted, hidden ones included.
  public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
