import FusionCore

/// The tensors of a dictionary under their names.
struct StateDictTensors {
  /// A name and the value it has.
  struct Item {
    let name: String
    let reference: PickleDocument.Reference
  }

  private(set) var items: [Item] = []
  private(set) var notices: [String] = []
  private var others: [String] = []
  private var visitCount = 0
  private let path: [String]
  private let finder: StateDictFinder

  /// Collects the tensors; dictionaries in the dictionary give names joined by dots.
  ///
  /// - Throws: `.torchDuplicateTensor`, `.torchUnsafeName`, `.torchTooManyTensors`.
  init(_ choice: StateDictFinder.Choice, _ finder: StateDictFinder) throws {
    self.finder = finder
    path = choice.path
    try add(choice.reference, prefix: "", depth: 0)
    var names: Set<String> = []
    for item in items where !names.insert(item.name).inserted {
      throw FusionError(
        .torchDuplicateTensor, "the file has two tensors of one name", place: "tensor " + TensorName.quoted(item.name),
        expected: "every tensor once", found: "a second one",
        remedy: "do not trust this file; download it again from its author")
    }
    if !others.isEmpty {
      let shown = others.prefix(6).map(TensorName.quoted).joined(separator: ", ")
      notices.append(
        "not tensors, not read: \(shown)" + (others.count > 6 ? " and \(others.count - 6) more" : ""))
    }
  }

  private mutating func add(_ reference: PickleDocument.Reference, prefix: String, depth: Int) throws {
    for entry in try finder.uniqueEntries(of: reference, path: path) ?? [] {
      visitCount += 1
      // A dictionary that many others share is walked once for each; this ends it.
      guard visitCount <= TorchLimits.tensorsPerFile else {
        throw FusionError(
          .torchTooManyTensors, "the dictionaries of the file have too many entries", place: "state dict",
          expected: "at most \(TorchLimits.tensorsPerFile)", found: "at least one more",
          remedy: "do not trust this file; download it again from its author")
      }
      guard let key = finder.document.text(entry.key) else {
        others.append(finder.document[entry.key].phrase)
        continue
      }
      let name = prefix + key
      if finder.isTensor(entry.value) {
        try TensorName.check(name, code: .torchUnsafeName, place: "tensor \(items.count + 1)")
        items.append(Item(name: name, reference: entry.value))
      } else if finder.document.entries(of: entry.value) != nil, depth < TorchLimits.dictionaryDepth {
        // A long chain of long keys would make names of any length.
        guard name.utf8.count <= TensorName.maximumByteCount else {
          try TensorName.check(name, code: .torchUnsafeName, place: "tensor \(items.count + 1)")
          continue
        }
        try add(entry.value, prefix: name + ".", depth: depth + 1)
      } else {
        // A few items tell; all of them could be asked for again and again.
        let items = finder.document.sequence(entry.value)?.prefix(64) ?? []
        let hasTensors = items.contains { finder.isTensor($0) }
        others.append(hasTensors ? "\(name) (\(finder.document[entry.value].phrase) of tensors)" : name)
      }
    }
  }
}
