import Foundation
import FusionCore
import Glibc
import MappedFiles

/// A folder of our own beside an output, removed with all that is in it.
struct ScratchFolder {
  private let path: String

  /// Makes the folder.
  ///
  /// - Parameter output: path of what is not to be written yet; its folder must exist.
  /// - Throws: `.cannotCreate`.
  init(beside output: String) throws {
    let parent = URL(fileURLWithPath: output).deletingLastPathComponent().path
    var template = Array("\(parent)/.fusion-convert-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FusionError(
        .cannotCreate, "cannot create a folder for containers that are measured", file: parent,
        expected: "a folder that may be written to", found: FusionError.systemMessage(errno),
        remedy: "name an output in such a folder")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A path in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes the folder.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
