import Crypto
import Foundation
import FusionCore
import MappedFiles

/// A short name for the content of a model's files, wherever they lie.
///
/// SHA-256 of each file's name, size and 64 samples of 64 KiB, the first at its start, the last at its end, the others
/// evenly between them; small files are taken whole. Reading 20 GB for each of many jobs would take longer than some
/// jobs; a change that touches no sample is not seen. A container ends in an index with the checksums of all its chunks,
/// so there every change is seen.
enum ModelFingerprint {
  private static let sampleCount = 64
  private static let sampleByteCount = 64 << 10

  /// The fingerprint of a checkpoint or container, 64 hexadecimal digits.
  ///
  /// - Throws: what is wrong with the model's files.
  static func of(_ path: String, options: CheckpointOptions) throws -> String {
    var hash = SHA256()
    for (name, file) in try files(path, options) { try add(file, name: name, to: &hash) }
    return EvaluationDigest.text(hash)
  }

  /// The fingerprint of a checkpoint that is open.
  ///
  /// - Throws: what is wrong with its files.
  static func of(_ checkpoint: Checkpoint) throws -> String {
    var hash = SHA256()
    for (name, file) in files(checkpoint) { try add(file, name: name, to: &hash) }
    return EvaluationDigest.text(hash)
  }

  /// The fingerprint of any file, whatever its name, by the same samples.
  ///
  /// - Throws: `.cannotOpen`, `.changedWhileReading`.
  static func ofFile(_ path: String) throws -> String {
    var hash = SHA256()
    try add(path, name: "file", to: &hash)
    return EvaluationDigest.text(hash)
  }

  private static func files(_ path: String, _ options: CheckpointOptions) throws -> [(name: String, path: String)] {
    // The name of a container says nothing, and it may be renamed.
    if try ModelPath.isContainer(path) { return [("container", path)] }
    return files(try Checkpoint(path: path, options: options))
  }

  private static func files(_ checkpoint: Checkpoint) -> [(name: String, path: String)] {
    if checkpoint.source is ContainerSource { return [("container", checkpoint.path)] }
    let weights = checkpoint.source.files.map { ($0.name, $0.path) }
    let others = checkpoint.sideFiles.map { ($0.name, $0.path) }
    let adapter = checkpoint.adapterPath.map { [("adapter/adapter_config.json", "\($0)/adapter_config.json")] } ?? []
    return weights + others + adapter
  }

  private static func add(_ path: String, name: String, to hash: inout SHA256) throws {
    let file = try MappedFile(path: path)
    hash.update(data: Array("\(name)\n\(file.byteCount)\n".utf8))
    for range in ranges(file.byteCount) {
      try file.withBytes(in: range) { hash.update(bufferPointer: $0) }
      file.discard(range)
    }
  }

  private static func ranges(_ byteCount: Int) -> [Range<Int>] {
    guard byteCount > sampleCount * sampleByteCount else { return [0..<byteCount] }
    let last = byteCount - sampleByteCount
    return (0..<sampleCount).map { number in
      // Divided first: the product could be too large.
      let start = last / (sampleCount - 1) * number + last % (sampleCount - 1) * number / (sampleCount - 1)
      return start..<start + sampleByteCount
    }
  }
}
