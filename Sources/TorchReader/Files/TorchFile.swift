import FusionCore
import MappedFiles

/// One PyTorch file, opened and proven: its tensors are views of bytes that are there.
///
/// Opening touches the records that describe tensors, never a storage's bytes.
struct TorchFile: Sendable {
  let mapped: MappedFile
  let storages: [TorchStorage]
  private(set) var tensors: [TorchTensor]
  let notices: [String]
  /// Checks of zip entries' sums; `nil` in files of the older kind, which have none.
  let checks: EntryChecks?

  /// Opens a file of either kind.
  ///
  /// - Throws: what ``ZipArchive``, ``PickleDocument``, the storages and the tensors can be wrong in.
  init(_ mapped: MappedFile, stateDictKey: String?) throws {
    do {
      let isArchive = try TorchContentKind.check(mapped) == .zipArchive
      let records = isArchive ? try TorchRecords(zip: mapped) : try TorchRecords(legacy: mapped)
      try self.init(mapped, records, stateDictKey)
    } catch let error as FusionError {
      throw error.inFile(mapped.path)
    }
  }

  private init(_ mapped: MappedFile, _ records: TorchRecords, _ stateDictKey: String?) throws {
    let document = records.document
    var table = TorchStorageTable(document: document, locate: records.locate)
    try table.checkAll()
    let finder = StateDictFinder(document: document)
    let choice = try finder.choose(key: stateDictKey)
    let named = try StateDictTensors(choice, finder)
    var tensors: [TorchTensor] = []
    var budget = ExpansionBudget(fileByteCount: mapped.byteCount)
    for item in named.items {
      let place = "tensor " + TensorName.quoted(item.name)
      do {
        guard let record = try TorchTensorRecord.read(item.reference, in: document) else {
          throw TorchTensorRecord.malformed("its class", "a tensor with a storage", "a tensor without one")
        }
        let tensor = TorchTensor(name: item.name, view: try table.view(record, place: place))
        try budget.take(tensor.view.byteCount, place: place)
        tensors.append(tensor)
      } catch var error as FusionError {
        if error.place?.hasPrefix(place) != true {
          error.place = error.place.map { "\(place), \($0)" } ?? place
        }
        throw error
      }
    }
    self.mapped = mapped
    self.tensors = tensors
    storages = table.storages
    checks = records.checks
    var notices: [String] = []
    if !choice.path.isEmpty {
      notices.append("the weights are the entry \(TensorName.quoted(choice.path.joined(separator: ".")))")
    }
    self.notices = notices + choice.notices + named.notices + records.notices(using: table.storages)
  }

  /// The file with a prefix left out of all names, which have it.
  func droppingFromNames(_ prefix: String) -> TorchFile {
    guard !prefix.isEmpty else { return self }
    var copy = self
    copy.tensors = tensors.map { TorchTensor(name: String($0.name.dropFirst(prefix.count)), view: $0.view) }
    return copy
  }

  /// Where a view's first element lies in the file.
  func offset(of view: TorchView) -> Int { storages[view.storageIndex].range.lowerBound + view.byteOffset }

  /// Proves the sum of the entry that a view lies in, once for every entry.
  func checkStorage(of view: TorchView) throws {
    guard let checks, let entry = storages[view.storageIndex].entry else { return }
    try checks.check(entry)
  }

  /// Where in the file a view's first to last element lie; gaps between them included.
  func extent(of view: TorchView) -> Range<Int> {
    let start = offset(of: view)
    guard let count = TorchView.extent(view.shape, strides: view.strides) else {
      preconditionFailure("a view was proven to lie in its storage")
    }
    return start..<(start + count * view.dtype.byteWidth)
  }

  /// Lays part of a view out densely.
  ///
  /// - Throws: `.changedWhileReading`.
  func copy(_ view: TorchView, _ range: Range<Int>, to target: UnsafeMutableRawBufferPointer) throws {
    try mapped.withBytes(in: extent(of: view)) { StridedCopy.copy(from: $0, view, range: range, to: target) }
  }
}
