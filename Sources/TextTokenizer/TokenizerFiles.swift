import FusionCore

/// Where the files of a tokenizer come from: a folder, a container, or a test's dictionary.
public struct TokenizerFiles: Sendable {
  /// Size up to which a tokenizer file is read, in bytes; the largest published ones are below 20 MB.
  public static let maximumByteCount = 64 << 20

  /// Name of the place, for errors.
  public let origin: String
  private let read: @Sendable (String) throws -> [UInt8]?

  /// Says how to read a file.
  ///
  /// - Parameters:
  ///   - origin: path of the folder or container, for errors.
  ///   - read: the bytes of the file with a given name, or `nil` if there is none.
  public init(origin: String, read: @escaping @Sendable (String) throws -> [UInt8]?) {
    self.origin = origin
    self.read = read
  }

  /// The bytes of a file, or `nil` if there is none.
  func bytes(_ name: String) throws -> [UInt8]? {
    guard let bytes = try read(name) else { return nil }
    guard bytes.count <= TokenizerFiles.maximumByteCount else {
      throw FusionError(
        .tokenizerFileTooLarge, "a tokenizer file is too large", file: place(name),
        expected: "at most \(TokenizerFiles.maximumByteCount) bytes", found: "\(bytes.count) bytes",
        remedy: "check that this is the model's own tokenizer file")
    }
    return bytes
  }

  /// The document of a JSON file whose outermost value is an object, or `nil` if there is no such file.
  func object(_ name: String) throws -> TokenizerObject? {
    guard let bytes = try bytes(name) else { return nil }
    return try naming(name) { try TokenizerValue.parseObject(bytes) }
  }

  /// Runs a reader and puts the file's name into what it throws.
  func naming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FusionError {
      throw error.inFile(place(name))
    }
  }

  private func place(_ name: String) -> String { "\(origin)/\(name)" }
}
