import FusionCore

/// Tensors of several sources under one set of names; nothing is copied.
public struct AssembledSource: WeightSource {
  /// One source and what is taken from it.
  public struct Part: Sendable {
    /// The source.
    public let source: any WeightSource
    /// Put before the names of its files, with a slash between; empty for the files of the base.
    public let folder: String
    /// The source's tensors that are taken, with their new names.
    public let tensors: [(name: String, tensor: TensorDescription)]

    /// Collects the fields.
    public init(source: any WeightSource, folder: String, tensors: [(name: String, tensor: TensorDescription)]) {
      self.source = source
      self.folder = folder
      self.tensors = tensors
    }
  }

  /// The format of the first part.
  public let formatName: String
  /// The files of all parts, in the order of the parts.
  public let files: [SourceFile]
  /// All taken tensors under their new names, sorted bytewise.
  public let tensors: [TensorDescription]
  /// The notices of all parts.
  public let notices: [String]

  /// Groups of taken tensors that are the same bytes, under the new names.
  public let aliases: [String: String]

  private struct Place {
    let part: Int
    let tensor: TensorDescription
  }

  private let sources: [any WeightSource]
  private let places: [String: Place]

  /// Puts parts together.
  ///
  /// - Parameters:
  ///   - parts: at least one.
  ///   - path: names the whole in errors.
  /// - Throws: `.assemblyDuplicateTensor` if two parts give a tensor of the same name.
  public init(parts: [Part], path: String) throws {
    precondition(!parts.isEmpty, "a source of no parts")
    var places: [String: Place] = [:]
    var files: [SourceFile] = []
    var tensors: [TensorDescription] = []
    for (index, part) in parts.enumerated() {
      let firstFile = files.count
      files += part.source.files.map { file in
        SourceFile(
          name: part.folder.isEmpty ? file.name : "\(part.folder)/\(file.name)", path: file.path,
          byteCount: file.byteCount)
      }
      for (name, tensor) in part.tensors {
        if let earlier = places.updateValue(Place(part: index, tensor: tensor), forKey: name) {
          throw FusionError(
            .assemblyDuplicateTensor, "two parts of the model give the same tensor", file: path,
            place: "tensor \(name)", expected: "one tensor of that name",
            found: "one in \(parts[earlier.part].source.path(of: earlier.tensor)), one in "
              + part.source.path(of: tensor),
            remedy: "leave out the option that names a part which the model has already")
        }
        tensors.append(
          TensorDescription(
            name: name, dtype: tensor.dtype, shape: tensor.shape, fileIndex: firstFile + tensor.fileIndex,
            offset: tensor.offset, byteCount: tensor.byteCount))
      }
    }
    formatName = parts[0].source.formatName
    self.files = files
    self.tensors = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    notices = parts.flatMap(\.source.notices)
    aliases = parts.map(AssembledSource.aliases).reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    sources = parts.map(\.source)
    self.places = places
  }

  /// What a part's own groups become; the first of the new names stands for the others.
  private static func aliases(of part: Part) -> [String: String] {
    let old = part.source.aliases
    guard !old.isEmpty else { return [:] }
    let groups = Dictionary(grouping: part.tensors) { old[$0.tensor.name] ?? $0.tensor.name }
    return groups.values.reduce(into: [:]) { aliases, members in
      let names = members.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      for name in names.dropFirst() { aliases[name] = names[0] }
    }
  }

  /// Lends part of a tensor's bytes.
  ///
  /// - Throws: what the part's source throws.
  public func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let place = place(of: tensor)
    return try sources[place.part].withBytes(of: place.tensor, in: range, body)
  }

  /// Lends all bytes of a tensor.
  ///
  /// - Throws: what the part's source throws.
  public func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes {
    let place = place(of: tensor)
    return try sources[place.part].borrow(place.tensor)
  }

  /// Takes part of a tensor out of resident memory.
  public func discard(_ tensor: TensorDescription, in range: Range<Int>) {
    let place = place(of: tensor)
    sources[place.part].discard(place.tensor, in: range)
  }

  /// Proves that no file of any part has changed.
  ///
  /// - Throws: `.changedWhileReading`.
  public func checkUnchanged() throws {
    for source in sources { try source.checkUnchanged() }
  }

  private func place(of tensor: TensorDescription) -> Place {
    guard let place = places[tensor.name] else { preconditionFailure("tensor \(tensor.name) is of another source") }
    return place
  }
}

extension WeightSource {
  /// The path of the file that a tensor lies in.
  func path(of tensor: TensorDescription) -> String { files[tensor.fileIndex].path }
}

extension FusionError.Code {
  /// Two parts of a model give a tensor of the same name.
  public static let assemblyDuplicateTensor = Self("assembly.duplicateTensor")
}
