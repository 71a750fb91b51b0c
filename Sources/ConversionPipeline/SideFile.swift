import ContainerFormat
import FusionCore
import MappedFiles

/// A small file that travels with the weights: configuration, tokenizer, chat template.
public struct SideFile: Sendable, Hashable {
  /// Plain name.
  public let name: String
  /// Path to open.
  public let path: String
  /// Size when the folder was listed.
  public let byteCount: Int
  /// What the file has to say instead of what is at its path; `nil` mostly.
  let content: [UInt8]?

  init(name: String, path: String, byteCount: Int, content: [UInt8]? = nil) {
    self.name = name
    self.path = path
    self.byteCount = content?.count ?? byteCount
    self.content = content
  }

  /// No configuration or tokenizer comes near this; a larger file is something else.
  public static let largestByteCount = 64 << 20

  /// Name endings of files that belong to a model but are not its weights.
  private static let endings = [".json", ".jinja", ".model", ".txt", ".tiktoken"]
  /// Files with such names describe the weight files of the source, which a container replaces.
  private static let excluded: Set<String> = ["model.safetensors.index.json", "pytorch_model.bin.index.json"]

  /// The side files of a folder, sorted by name.
  ///
  /// - Throws: `.sideFileTooLarge`, `.cannotOpen`.
  public static func all(in folder: String) throws -> [SideFile] {
    let names = try FolderContents.names(in: folder)
    var files: [SideFile] = []
    for name in names.sorted() {
      guard endings.contains(where: name.hasSuffix), !excluded.contains(name), !name.hasPrefix(".") else { continue }
      let path = "\(folder)/\(name)"
      guard let identity = try FileIdentity(path: path), identity.isRegularFile else { continue }
      guard identity.byteCount <= Int64(largestByteCount) else {
        throw FusionError(
          .sideFileTooLarge, "a file beside the weights is too large to travel with them", file: path,
          expected: "at most \(largestByteCount) bytes", found: "\(identity.byteCount) bytes",
          remedy: "move it out of the checkpoint folder")
      }
      files.append(SideFile(name: name, path: path, byteCount: Int(identity.byteCount)))
    }
    return files
  }

  /// The side files inside a container, sorted by name.
  ///
  /// - Throws: damage of the container.
  static func all(in model: ContainerModel) throws -> [SideFile] {
    try model.reader.index.files.map { file in
      SideFile(name: file.name, path: model.path, byteCount: 0, content: try model.file(file.name))
    }.sorted { $0.name < $1.name }
  }

  /// The file's bytes.
  ///
  /// - Throws: `.cannotOpen`, `.sideFileTooLarge`, `.changedWhileReading`.
  public func read() throws -> [UInt8] { try content ?? Self.read(path, limit: Self.largestByteCount) }

  /// The bytes of a file that must not be larger than a limit.
  static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let file = try MappedFile(path: path)
    guard file.byteCount <= limit else {
      throw FusionError(
        .sideFileTooLarge, "the file is too large for what it should be", file: path,
        expected: "at most \(limit) bytes", found: "\(file.byteCount) bytes", remedy: "check the checkpoint folder")
    }
    return try file.withBytes(in: 0..<file.byteCount) { Array($0) }
  }
}
