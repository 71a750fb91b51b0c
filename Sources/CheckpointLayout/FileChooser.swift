import FusionCore

/// The rules by which weight files are told from names alone.
struct FileChooser {
  let folder: FolderListing
  let naming: WeightFileNaming
  /// Every name with an ending of the format.
  let available: [String]

  init(folder: FolderListing, naming: WeightFileNaming) {
    self.folder = folder
    self.naming = naming
    available = folder.files.filter(naming.hasSuffix)
  }

  func withoutIndex() throws -> [String] {
    let sets = completeSets(available)
    if sets.count > 1 { throw ambiguous(sets.map(\.first)) }
    if let only = sets.first { return only }
    if let error = missingShards() { throw error }
    let others = available.filter { !naming.isCompanion($0) }
    if others.count > 1 { throw ambiguous(others) }
    if others.count == 1 { return others }
    throw nothing()
  }

  /// Every way to take a whole checkpoint from the names that are there: the single file, or all shards of a count.
  func completeSets(_ available: [String]) -> [[String]] {
    let shards = Dictionary(grouping: available.compactMap { ShardName(fileName: $0, naming: naming) }, by: \.shardSet)
    let complete = shards.filter { $0.key.count == $0.value.count }.map { set, members in
      members.map { set.name(of: $0.number) }.sorted(by: TensorName.precedes)
    }
    let single = available.contains(naming.singleName) ? [[naming.singleName]] : []
    return single + complete.sorted { TensorName.precedes($0[0], $1[0]) }
  }

  /// The error for a set that lacks members, if there is one.
  private func missingShards() -> FusionError? {
    let shards = available.compactMap { ShardName(fileName: $0, naming: naming) }
    guard let set = shards.map(\.shardSet).min(by: { ($0.count, $0.numberWidth) < ($1.count, $1.numberWidth) }) else {
      return nil
    }
    let present = Set(shards.filter { $0.shardSet == set }.map(\.number))
    let missing = (1...set.count).filter { !present.contains($0) }
    return FusionError(
      naming.code("missingShards", .missingInput), "the set of weight files is not complete", file: folder.path,
      place: "\(naming.stem)-*-of-\(set.countText)\(naming.suffix)",
      expected: "\(set.count) files; missing: "
        + FileChooser.list(missing.prefix(9).map(set.name(of:)), of: missing.count),
      found: "\(present.count) of them", remedy: "download the missing files into the folder")
  }

  func ambiguous(_ candidates: [String?]) -> FusionError {
    FusionError(
      naming.code("ambiguousWeights"), "the folder holds more than one set of weights", file: folder.path,
      place: "*\(naming.suffix)", expected: "one checkpoint", found: FileChooser.list(candidates.compactMap { $0 }),
      remedy: "move the files that are not meant to another folder, or give the path of one file")
  }

  private func nothing() -> FusionError {
    let lookedFor =
      "\(naming.indexName), \(naming.singleName), \(naming.stem)-*-of-*\(naming.suffix) "
      + "or one other " + naming.suffixes.map { "*\($0)" }.joined(separator: ", ")
    if available.contains(naming.adapterName) {
      return FusionError(
        naming.code("adapterOnly", .missingInput), "the folder holds a LoRA adapter without its base model",
        file: folder.path,
        place: naming.adapterName, expected: lookedFor, found: folder.summary,
        remedy: "an adapter needs a base: give the folder of the base model, and this one with --adapter")
    }
    let foreign = ForeignWeights.recognise(folder.files)
    return FusionError(
      naming.code("noWeights", .missingInput), "the folder holds no weights", file: folder.path,
      place: foreign?.name ?? "*\(naming.suffix)",
      expected: lookedFor, found: foreign?.found ?? folder.summary,
      remedy: foreign?.remedy ?? "give the folder that the model was downloaded to")
  }

  func ignored(besides names: [String]) -> [String] {
    let used = Set(names)
    let rest = available.filter { !used.contains($0) }
    return rest.isEmpty ? [] : ["ignored, since not part of the checkpoint: \(FileChooser.list(rest))"]
  }

  /// Some names in one line; hostile ones cannot break it.
  static func list(_ names: [String], of total: Int? = nil) -> String {
    let shown = names.prefix(8).map(\.escapedForTerminal).joined(separator: ", ")
    let rest = (total ?? names.count) - min(names.count, 8)
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }
}
