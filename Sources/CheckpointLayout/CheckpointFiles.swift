import FusionCore

/// Which files of a folder are the checkpoint.
///
/// In this order: a correct index whose files are all there; the complete set of shards or the single file that is
/// there although an index names others, or where there is no index; the only other weight file.
public struct CheckpointFiles: Sendable {
  /// Plain names in bytewise order.
  public let names: [String]
  /// The index, if the files are those that it names.
  public let index: CheckpointIndex?
  /// What was passed over, one sentence each.
  public let notices: [String]

  /// Chooses the files.
  ///
  /// - Parameters:
  ///   - folder: what is there.
  ///   - naming: the format that is looked for.
  ///   - readIndex: reads the index at a path.
  /// - Throws: what `readIndex` throws; the naming's codes `indexMissingFile`, `missingShards`, `ambiguousWeights`,
  ///   `noWeights`, `adapterOnly`.
  public init(
    in folder: FolderListing, naming: WeightFileNaming, readIndex: (String) throws -> CheckpointIndex
  ) throws {
    let chooser = FileChooser(folder: folder, naming: naming)
    let available = chooser.available
    guard folder.files.contains(naming.indexName) else {
      names = try chooser.withoutIndex()
      index = nil
      notices = chooser.ignored(besides: names)
      return
    }
    let indexPath = "\(folder.path)/\(naming.indexName)"
    let index = try readIndex(indexPath)
    let present = Set(folder.files)
    let missing = index.files.filter { !present.contains($0) }
    if missing.isEmpty {
      names = index.files
      self.index = index
      notices = chooser.ignored(besides: names)
      return
    }
    let sets = chooser.completeSets(available)
    guard let standIn = sets.first else {
      throw FusionError(
        naming.code("indexMissingFile", .missingInput), "the index names weight files that are not there",
        file: indexPath, place: "weight_map", expected: FileChooser.list(missing), found: folder.summary,
        remedy: "download the missing files into the folder")
    }
    guard sets.count == 1 else { throw chooser.ambiguous(sets.map(\.first)) }
    names = standIn
    self.index = nil
    notices =
      [
        "\(naming.indexName) names \(FileChooser.list(missing)), which "
          + (missing.count == 1 ? "is" : "are") + " not there; the index was ignored and "
          + (standIn.count == 1 ? standIn[0] : "the complete set of \(standIn.count) shards") + " was read instead"
      ] + chooser.ignored(besides: standIn)
  }
}
