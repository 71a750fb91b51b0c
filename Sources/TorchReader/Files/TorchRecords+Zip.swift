import FusionCore
import MappedFiles

/// Files since version 1.6: a zip archive with a pickle and one entry for each storage.
extension TorchRecords {
  /// Longest of the records that say something about the file in a few letters.
  private static let shortRecordByteCount = 64
  /// Versions of the archive that PyTorch reads, and none has changed how tensors are stored.
  private static let versions = 1...10

  /// - Throws: what ``ZipArchive``, ``TorchContentKind`` and ``PickleDocument`` throw; `.torchMissingRecord`,
  ///   `.torchVersion`, `.torchByteOrder`.
  init(zip file: MappedFile) throws {
    let archive = try ZipArchive(file: file)
    let checks = EntryChecks(of: archive)
    if let refusal = TorchContentKind(entryNames: archive.entries.lazy.map(\.name))?.refusal { throw refusal }
    guard let version = try Self.text("version", of: archive, checks)?.trimmed else {
      throw Self.missing("version", archive)
    }
    guard let number = Int(version), Self.versions.contains(number) else {
      throw FusionError(
        .torchVersion, "the archive has an unknown version",
        place: "entry " + TensorName.quoted(archive.root + "version"),
        expected: "\(Self.versions.lowerBound) to \(Self.versions.upperBound)", found: TensorName.quoted(version),
        remedy: "save the weights with a released version of PyTorch")
    }
    let orderPlace = "entry " + TensorName.quoted(archive.root + "byteorder")
    // Absent before PyTorch 2.1, which ran on little-endian machines only for all that was published.
    if let order = try Self.text("byteorder", of: archive, checks), order != "little" {
      throw Self.otherByteOrder(place: orderPlace, found: TensorName.quoted(order))
    }
    guard let pickle = archive.entry(named: archive.root + "data.pkl") else { throw Self.missing("data.pkl", archive) }
    // A payload is named as what it is even where the sum is wrong as well.
    document = try file.withBytes(in: pickle.dataRange) { try PickleDocument(reading: $0, mayHaveMoreData: false) }
    try checks.check(pickle)
    self.checks = checks
    let prefix = archive.root + "data/"
    storageKeys = archive.entries.compactMap {
      $0.name.hasPrefix(prefix) ? String($0.name.dropFirst(prefix.count)) : nil
    }
    hasChecksums = archive.statesChecksums
    locate = { claim in
      guard claim.part == nil else {
        throw StorageClaim.malformed(
          "storage " + TensorName.quoted(claim.key), "five items, since archives have no parts of storages", "six")
      }
      guard let entry = archive.entry(named: prefix + claim.key) else {
        throw FusionError(
          .torchMissingStorage, "a storage is not in the archive", place: "storage " + TensorName.quoted(claim.key),
          expected: "an entry " + TensorName.quoted(prefix + claim.key), found: "no such entry", remedy: Self.remedy)
      }
      guard entry.dataRange.count == claim.byteCount else { throw Self.wrongSize(claim, entry.dataRange.count) }
      return TorchStorage(key: claim.key, range: entry.dataRange, entry: entry)
    }
  }

  /// The start of a short record's text; `nil` if it is not there.
  private static func text(_ name: String, of archive: ZipArchive, _ checks: EntryChecks) throws -> String? {
    guard let entry = archive.entry(named: archive.root + name) else { return nil }
    try checks.check(entry)
    let range = entry.dataRange.prefix(shortRecordByteCount)
    return try archive.file.withBytes(in: range) { String(decoding: $0, as: UTF8.self) }
  }

  private static func missing(_ name: String, _ archive: ZipArchive) -> FusionError {
    FusionError(
      .torchMissingRecord, "the archive is not one that torch.save wrote",
      place: "entry " + TensorName.quoted(archive.root + name),
      expected: "the records version and data.pkl in one folder", found: "\(archive.entries.count) other entries",
      remedy: "give a file that torch.save wrote, as it was written")
  }
}
