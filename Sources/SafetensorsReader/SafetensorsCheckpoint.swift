import CheckpointLayout
import FusionCore
import MappedFiles

/// A checkpoint of one safetensors file, or of a folder of them.
///
/// Opening reads the headers and the index alone, whatever the size of the weights. All headers are proven, and held
/// against each other and against the index, before the first byte of a tensor can be asked for.
public struct SafetensorsCheckpoint: WeightSource {
  /// `safetensors`.
  public let formatName = "safetensors"
  /// The files in bytewise order of their names.
  public let files: [SourceFile]
  /// All tensors in bytewise order of their names; offsets count from the start of their file.
  public let tensors: [TensorDescription]
  /// What was passed over to open the checkpoint: a wrong index, files that do not belong to it.
  public let notices: [String]

  private let mapped: [MappedFile]
  private let metadata: [[String: String]]

  /// Opens a file, or a folder by its index, its complete set of shards, or its only weight file.
  ///
  /// - Parameter path: a safetensors file, whatever its name, or a folder.
  /// - Throws: `FusionError` with `.cannotOpen`, a `safetensors` code or a `json` code.
  public init(path: String) throws {
    guard let identity = try FileIdentity(path: path), identity.isFolder else {
      try self.init(mapped: [MappedFile(path: path)], names: [FolderListing.lastComponent(of: path)])
      return
    }
    let contents = try FolderContents.kinds(in: path)
    let folder = FolderListing(path: path, files: contents.files, folderCount: contents.folderCount)
    let choice = try CheckpointFiles(in: folder, naming: .safetensors, readIndex: Self.readIndex)
    let mapped = try choice.names.map { try MappedFile(path: "\(folder.path)/\($0)") }
    try self.init(
      mapped: mapped, names: choice.names, index: choice.index,
      indexPath: "\(folder.path)/\(WeightFileNaming.safetensors.indexName)", notices: choice.notices)
  }

  private init(
    mapped: [MappedFile], names: [String], index: CheckpointIndex? = nil, indexPath: String = "",
    notices: [String] = []
  ) throws {
    var table = TensorTable(naming: .safetensors)
    var metadata: [[String: String]] = []
    for (file, name) in zip(mapped, names) {
      let header = try Self.readHeader(file)
      let tensors = header.entries.map { entry in
        TensorDescription(
          name: entry.name, dtype: entry.dtype, shape: entry.shape, fileIndex: table.files.count,
          offset: entry.byteRange.lowerBound, byteCount: entry.byteRange.count)
      }
      try table.add(SourceFile(name: name, path: file.path, byteCount: file.byteCount), tensors: tensors)
      metadata.append(header.metadata)
    }
    let extra = try index.map { try table.check(against: $0, indexPath: indexPath) } ?? []
    self.mapped = mapped
    self.metadata = metadata
    files = table.files
    tensors = table.sortedTensors
    self.notices = notices + extra
  }

  private static func readHeader(_ file: MappedFile) throws -> SafetensorsHeader {
    do {
      return try file.withBytes(in: 0..<file.byteCount) { try SafetensorsHeader(contents: $0) }
    } catch let error as FusionError {
      throw error.inFile(file.path)
    }
  }

  private static func readIndex(_ path: String) throws -> CheckpointIndex {
    let file = try MappedFile(path: path)
    do {
      return try file.withBytes(in: 0..<file.byteCount) { try CheckpointIndex(parsing: $0, naming: .safetensors) }
    } catch let error as FusionError {
      throw error.inFile(path)
    }
  }

  /// What the `__metadata__` of a file says; empty if it has none.
  ///
  /// - Parameter fileIndex: an index into ``files``.
  public func fileMetadata(_ fileIndex: Int) -> [String: String] {
    precondition(metadata.indices.contains(fileIndex), "there is no file \(fileIndex)")
    return metadata[fileIndex]
  }

  /// Lends part of a tensor's bytes out of the mapped file.
  ///
  /// - Throws: `.changedWhileReading`; what `body` throws.
  public func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try file(of: tensor).withBytes(in: fileRange(tensor, range), body)
  }

  /// Lends all bytes of a tensor out of the mapped file.
  ///
  /// - Throws: `.changedWhileReading`.
  public func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes {
    try file(of: tensor).borrow(fileRange(tensor, 0..<tensor.byteCount))
  }

  /// Takes part of a tensor out of resident memory.
  public func discard(_ tensor: TensorDescription, in range: Range<Int>) {
    file(of: tensor).discard(fileRange(tensor, range))
  }

  /// Proves that every file is as it was when it was opened.
  ///
  /// - Throws: `.changedWhileReading`.
  public func checkUnchanged() throws {
    for file in mapped { try file.checkUnchanged() }
  }

  private func file(of tensor: TensorDescription) -> MappedFile {
    precondition(mapped.indices.contains(tensor.fileIndex), "tensor \(tensor.name) is of another source")
    return mapped[tensor.fileIndex]
  }

  private func fileRange(_ tensor: TensorDescription, _ range: Range<Int>) -> Range<Int> {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= tensor.byteCount,
      "range \(range) in tensor \(tensor.name) of \(tensor.byteCount) bytes")
    return (tensor.offset + range.lowerBound)..<(tensor.offset + range.upperBound)
  }
}
