import ContainerFormat
import FusionCore

/// Holds what a container records of its source's files (name, size, SHA-256) against the files that are there.
struct SourceFileProof {
  /// The container.
  let model: ContainerModel
  /// Its source's weights.
  let source: any WeightSource

  /// Compares the record with the files; those that the record may mean are read to their ends.
  ///
  /// - Parameters:
  ///   - isExact: whether the files must be the recorded ones. Otherwise other files may hold the same weights.
  ///   - progress: is told how many bytes are hashed.
  /// - Returns: one sentence if the files are others than recorded.
  /// - Throws: `.sourceRecordWrong` for a record that a file of its name contradicts, and, if `isExact`, for other
  ///   files; `.changedWhileReading`.
  func check(isExact: Bool, progress: ProgressHandler?) throws -> [String] {
    let recorded = model.reader.index.provenance.sources
    let files = source.files
    // A file can be a recorded one by name or by content, and content is not the same if the size is not.
    let read = files.filter { file in
      recorded.contains { $0.name == file.name || $0.byteCount == file.byteCount }
    }
    let digests = Dictionary(
      zip(
        read.map(\.path), try SourceHasher.digests(of: read, step: "hashing the source", progress: progress)),
      uniquingKeysWith: { first, _ in first })
    for record in recorded {
      guard let file = files.first(where: { $0.name == record.name }), let digest = digests[file.path] else { continue }
      guard file.byteCount == record.byteCount, digest == record.sha256 else {
        throw wrong(
          record.name, expected: Self.describe(file.byteCount, digest),
          found: "a record of \(Self.describe(record.byteCount, record.sha256))")
      }
    }
    let missing = recorded.filter { record in !files.contains { $0.name == record.name } }
    let unknown = files.filter { file in !recorded.contains { $0.name == file.name } }
    // Content that is known by its hash must have the size that is recorded with it.
    for record in missing {
      for file in unknown where digests[file.path] == record.sha256 && file.byteCount != record.byteCount {
        throw wrong(
          record.name, expected: "\(file.byteCount) bytes, as \(file.name) of the same SHA-256 has",
          found: "a record of \(record.byteCount) bytes")
      }
    }
    guard !missing.isEmpty || !unknown.isEmpty else { return [] }
    let found = unknown.isEmpty ? "no \(missing[0].name)" : Self.names(unknown.map(\.name))
    guard !isExact else {
      throw wrong(
        missing.first?.name ?? unknown[0].name, expected: Self.names(recorded.map(\.name)), found: found)
    }
    return ["same weights, other files than recorded: \(found) instead of \(Self.names(missing.map(\.name)))"]
  }

  private func wrong(_ name: String, expected: String, found: String) -> FusionError {
    FusionError(
      .sourceRecordWrong, "the container's record of its source's files does not fit the files", file: model.path,
      place: "source \(name)", expected: expected, found: found,
      remedy: "name the checkpoint that this container was made from, or compare the weights alone with --weights-only")
  }

  private static func describe(_ byteCount: Int, _ digest: [UInt8]) -> String {
    "\(byteCount) bytes, SHA-256 \(digest.hexadecimal)"
  }

  private static func names(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}

extension FusionError.Code {
  /// Name, size or hash that a container records of a source's file is not that of the file.
  public static let sourceRecordWrong = Self("verify.sourceRecordWrong")
}
