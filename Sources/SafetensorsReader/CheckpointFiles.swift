import FusionCore
import MappedFiles

/// Which files of a folder are the checkpoint.
///
/// In this order: a correct index whose files are all there; the complete set of shards or the single file that is
/// there although an index names others, or where there is no index; the only other safetensors file.
struct CheckpointFiles {
  /// Plain names in bytewise order.
  let names: [String]
  /// The index, if the files are those that it names.
  let index: SafetensorsIndex?
  let notices: [String]

  private static let adapterName = "adapter_model.safetensors"

  /// - Throws: what ``SafetensorsIndex`` throws, and the errors of a folder whose files are not one checkpoint.
  init(in folder: FolderListing) throws {
    let available = folder.files.filter { $0.hasSuffix(SafetensorsShardName.suffix) }
    guard folder.files.contains(SafetensorsIndex.fileName) else {
      names = try CheckpointFiles.withoutIndex(folder, available)
      index = nil
      notices = CheckpointFiles.ignored(available, besides: names)
      return
    }
    let index = try CheckpointFiles.readIndex(folder)
    let present = Set(folder.files)
    let missing = index.files.filter { !present.contains($0) }
    if missing.isEmpty {
      names = index.files
      self.index = index
      notices = CheckpointFiles.ignored(available, besides: names)
      return
    }
    let sets = CheckpointFiles.completeSets(available)
    guard let standIn = sets.first else {
      throw FusionError(
        .safetensorsIndexMissingFile, "the index names weight files that are not there",
        file: "\(folder.path)/\(SafetensorsIndex.fileName)", place: "weight_map",
        expected: CheckpointFiles.list(missing), found: folder.summary,
        remedy: "download the missing files into the folder")
    }
    guard sets.count == 1 else { throw CheckpointFiles.ambiguous(folder, sets.map(\.first)) }
    names = standIn
    self.index = nil
    notices =
      [
        "\(SafetensorsIndex.fileName) names \(CheckpointFiles.list(missing)), which "
          + (missing.count == 1 ? "is" : "are") + " not there; the index was ignored and "
          + (standIn.count == 1 ? standIn[0] : "the complete set of \(standIn.count) shards") + " was read instead"
      ] + CheckpointFiles.ignored(available, besides: standIn)
  }

  private static func readIndex(_ folder: FolderListing) throws -> SafetensorsIndex {
    let path = "\(folder.path)/\(SafetensorsIndex.fileName)"
    let file = try MappedFile(path: path)
    do {
      return try file.withBytes(in: 0..<file.byteCount) { try SafetensorsIndex(parsing: $0) }
    } catch let error as FusionError {
      throw error.inFile(path)
    }
  }

  private static func withoutIndex(_ folder: FolderListing, _ available: [String]) throws -> [String] {
    let sets = completeSets(available)
    if sets.count > 1 { throw ambiguous(folder, sets.map(\.first)) }
    if let only = sets.first { return only }
    if let error = missingShards(folder, available) { throw error }
    let others = available.filter { $0 != adapterName }
    if others.count > 1 { throw ambiguous(folder, others) }
    if others.count == 1 { return others }
    throw nothing(folder, hasAdapter: available.contains(adapterName))
  }

  /// Every way to take a whole checkpoint from the names that are there: the single file, or all shards of a count.
  private static func completeSets(_ available: [String]) -> [[String]] {
    let shards = Dictionary(grouping: available.compactMap(SafetensorsShardName.init(fileName:)), by: \.shardSet)
    let complete = shards.filter { $0.key.count == $0.value.count }.map { set, members in
      members.map { set.name(of: $0.number) }.sorted(by: SafetensorsName.precedes)
    }
    let single = available.contains(SafetensorsShardName.single) ? [[SafetensorsShardName.single]] : []
    return single + complete.sorted { SafetensorsName.precedes($0[0], $1[0]) }
  }

  /// The error for a set that lacks members, if there is one.
  private static func missingShards(_ folder: FolderListing, _ available: [String]) -> FusionError? {
    let shards = available.compactMap(SafetensorsShardName.init(fileName:))
    guard let set = shards.map(\.shardSet).min(by: { ($0.count, $0.numberWidth) < ($1.count, $1.numberWidth) }) else {
      return nil
    }
    let present = Set(shards.filter { $0.shardSet == set }.map(\.number))
    let missing = (1...set.count).filter { !present.contains($0) }
    return FusionError(
      .safetensorsMissingShards, "the set of weight files is not complete", file: folder.path,
      place: "model-*-of-\(set.countText)\(SafetensorsShardName.suffix)",
      expected: "\(set.count) files; missing: " + list(missing.prefix(9).map(set.name(of:)), of: missing.count),
      found: "\(present.count) of them", remedy: "download the missing files into the folder")
  }

  private static func ambiguous(_ folder: FolderListing, _ candidates: [String?]) -> FusionError {
    FusionError(
      .safetensorsAmbiguousWeights, "the folder holds more than one set of weights", file: folder.path,
      place: "*\(SafetensorsShardName.suffix)", expected: "one checkpoint", found: list(candidates.compactMap { $0 }),
      remedy: "move the files that are not meant to another folder, or give the path of one file")
  }

  private static func nothing(_ folder: FolderListing, hasAdapter: Bool) -> FusionError {
    let lookedFor =
      "\(SafetensorsIndex.fileName), \(SafetensorsShardName.single), model-*-of-*\(SafetensorsShardName.suffix) "
      + "or one other *\(SafetensorsShardName.suffix)"
    if hasAdapter {
      return FusionError(
        .safetensorsAdapterOnly, "the folder holds a LoRA adapter without its base model", file: folder.path,
        place: adapterName, expected: lookedFor, found: folder.summary,
        remedy: "an adapter needs a base: give the folder of the base model, or of the merged model")
    }
    let hasTorch = folder.files.contains { $0.hasSuffix(".bin") || $0.hasSuffix(".pt") || $0.hasSuffix(".pth") }
    return FusionError(
      .safetensorsNoWeights, "the folder holds no weights", file: folder.path, place: "*\(SafetensorsShardName.suffix)",
      expected: lookedFor, found: folder.summary,
      remedy: hasTorch
        ? "PyTorch checkpoints are read in a later version: give the safetensors files of the model"
        : "give the folder that the model was downloaded to")
  }

  private static func ignored(_ available: [String], besides names: [String]) -> [String] {
    let used = Set(names)
    let rest = available.filter { !used.contains($0) }
    return rest.isEmpty ? [] : ["ignored, since not part of the checkpoint: \(list(rest))"]
  }

  /// Some names in one line; hostile ones cannot break it.
  private static func list(_ names: [String], of total: Int? = nil) -> String {
    let shown = names.prefix(8).map(\.escapedForTerminal).joined(separator: ", ")
    let rest = (total ?? names.count) - min(names.count, 8)
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }
}
