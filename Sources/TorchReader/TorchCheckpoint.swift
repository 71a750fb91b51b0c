import CheckpointLayout
import FusionCore
import MappedFiles

/// A checkpoint of one PyTorch file, or of a folder of them.
///
/// Opening reads the records that describe tensors, whatever the size of the weights; nothing in a pickle is called. The
/// sum of a storage's bytes is proven when they are first asked for.
public struct TorchCheckpoint: WeightSource {
  /// `torch`.
  public let formatName = "torch"
  /// The files in bytewise order of their names.
  public let files: [SourceFile]
  /// All tensors in bytewise order of their names, dense; the offset is that of a view's first element.
  public let tensors: [TensorDescription]
  /// What was passed over to open the checkpoint, and which tensors share bytes.
  public let notices: [String]
  /// Names of tensors that are the same bytes as another one, with the other's name.
  public let aliases: [String: String]

  private let opened: [TorchFile]
  private let views: [String: TorchView]

  /// Opens a file, or a folder by its index, its complete set of shards, or its only weight file.
  ///
  /// - Parameters:
  ///   - path: a PyTorch file, whatever its name, or a folder.
  ///   - stateDictKey: the entry of every file that holds the weights, as keys joined by dots; `nil` to find it.
  /// - Throws: `FusionError` with `.cannotOpen`, a `torch` code or a `json` code.
  public init(path: String, stateDictKey: String? = nil) throws {
    guard let identity = try FileIdentity(path: path), identity.isFolder else {
      let file = try TorchFile(MappedFile(path: path), stateDictKey: stateDictKey)
      try self.init([file], names: [FolderListing.lastComponent(of: path)])
      return
    }
    let contents = try FolderContents.kinds(in: path)
    let folder = FolderListing(path: path, files: contents.files, folderCount: contents.folderCount)
    let choice = try CheckpointFiles(in: folder, naming: .torch, readIndex: Self.readIndex)
    let opened = try choice.names.map {
      try TorchFile(MappedFile(path: "\(folder.path)/\($0)"), stateDictKey: stateDictKey)
    }
    try self.init(
      opened, names: choice.names, index: choice.index,
      indexPath: "\(folder.path)/\(WeightFileNaming.torch.indexName)", notices: choice.notices)
  }

  private init(
    _ opened: [TorchFile], names: [String], index: CheckpointIndex? = nil, indexPath: String = "",
    notices: [String] = []
  ) throws {
    let raw = try Self.table(of: opened, names: names)
    try Self.refuseEmptied(raw, opened)
    let extra = try index.map { try raw.check(against: $0, indexPath: indexPath) } ?? []
    // Of all files together: one shard alone may happen to have nothing but names of one module.
    let wrappers = StateDictNames.wrappers(of: raw.tensors.map(\.name))
    let opened = opened.map { $0.droppingFromNames(wrappers) }
    let table = wrappers.isEmpty ? raw : try Self.table(of: opened, names: names)
    var sharing = SharedTensors()
    for file in opened { sharing.add(file) }
    files = table.files
    tensors = table.sortedTensors
    aliases = sharing.aliases
    self.opened = opened
    let named = opened.flatMap(\.tensors).map { ($0.name, $0.view) }
    views = Dictionary(named, uniquingKeysWith: { first, _ in first })
    let ofFiles = opened.flatMap { file in
      opened.count == 1
        ? file.notices : file.notices.map { "\(FolderListing.lastComponent(of: file.mapped.path)): \($0)" }
    }
    let unwrapped = wrappers.isEmpty ? [] : ["the prefix \(wrappers) of all names was left out"]
    self.notices = notices + extra + ofFiles + unwrapped + sharing.notices
  }

  /// Refuses names without weights: what is left of a model whose parameters are spread over processes.
  private static func refuseEmptied(_ table: TensorTable, _ opened: [TorchFile]) throws {
    guard table.tensors.count > 0, table.tensors.allSatisfy({ $0.shape.elementCount == 0 }) else { return }
    throw FusionError(
      .torchNoStateDict, "the tensors of the file have no values", file: opened.first?.mapped.path,
      place: "tensor \(TensorName.quoted(table.tensors[0].name))", expected: "weights",
      found: "\(table.tensors.count) tensors without an element, as DeepSpeed ZeRO-3 and FSDP leave them",
      remedy: ForeignWeights.zeroRemedy + "; of FSDP, save the full state dictionary")
  }

  private static func table(of opened: [TorchFile], names: [String]) throws -> TensorTable {
    var table = TensorTable(naming: .torch)
    for (file, name) in zip(opened, names) {
      let descriptions = file.tensors.map { tensor in
        TensorDescription(
          name: tensor.name, dtype: tensor.view.dtype, shape: tensor.view.shape, fileIndex: table.files.count,
          offset: file.offset(of: tensor.view), byteCount: tensor.view.byteCount)
      }
      let source = SourceFile(name: name, path: file.mapped.path, byteCount: file.mapped.byteCount)
      try table.add(source, tensors: descriptions)
    }
    return table
  }

  private static func readIndex(_ path: String) throws -> CheckpointIndex {
    let file = try MappedFile(path: path)
    do {
      return try file.withBytes(in: 0..<file.byteCount) { try CheckpointIndex(parsing: $0, naming: .torch) }
    } catch let error as FusionError {
      throw error.inFile(path)
    }
  }

  /// Lends part of a tensor's bytes out of the mapped file, or laid out densely where the file has them scattered.
  ///
  /// - Throws: `.torchZipWrongChecksum`, `.changedWhileReading`; what `body` throws.
  public func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let (file, view) = place(of: tensor)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= tensor.byteCount,
      "range \(range) in tensor \(tensor.name) of \(tensor.byteCount) bytes")
    try file.checkStorage(of: view)
    if view.isContiguous {
      return try file.mapped.withBytes(in: dense(file, view, range), body)
    }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 64)
    defer { room.deallocate() }
    try file.copy(view, range, to: room)
    return try body(UnsafeRawBufferPointer(room))
  }

  /// Lends all bytes of a tensor.
  ///
  /// - Throws: `.torchZipWrongChecksum`, `.changedWhileReading`.
  public func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes {
    let (file, view) = place(of: tensor)
    try file.checkStorage(of: view)
    if view.isContiguous { return try file.mapped.borrow(dense(file, view, 0..<tensor.byteCount)) }
    nonisolated(unsafe) let room = UnsafeMutableRawBufferPointer.allocate(byteCount: tensor.byteCount, alignment: 64)
    let borrowed = BorrowedBytes(UnsafeRawBufferPointer(room)) { room.deallocate() }
    try file.copy(view, 0..<tensor.byteCount, to: room)
    return borrowed
  }

  /// Takes part of a tensor out of resident memory; a scattered one goes with the rest of its storage.
  public func discard(_ tensor: TensorDescription, in range: Range<Int>) {
    let (file, view) = place(of: tensor)
    if view.isContiguous {
      file.mapped.discard(dense(file, view, range))
    } else if range.upperBound == tensor.byteCount {
      file.mapped.discard(file.storages[view.storageIndex].range)
    }
  }

  /// Proves that every file is as it was when it was opened.
  ///
  /// - Throws: `.changedWhileReading`.
  public func checkUnchanged() throws {
    for file in opened { try file.mapped.checkUnchanged() }
  }

  private func place(of tensor: TensorDescription) -> (TorchFile, TorchView) {
    guard let view = views[tensor.name], opened.indices.contains(tensor.fileIndex) else {
      preconditionFailure("tensor \(tensor.name) is of another source")
    }
    return (opened[tensor.fileIndex], view)
  }

  private func dense(_ file: TorchFile, _ view: TorchView, _ range: Range<Int>) -> Range<Int> {
    let start = file.offset(of: view)
    return (start + range.lowerBound)..<(start + range.upperBound)
  }
}
