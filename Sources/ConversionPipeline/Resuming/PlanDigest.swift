import Crypto
import FusionCore
import WeightGraph

/// SHA-256 of what a conversion is about to do: which bytes of the source become which tensor, and in which form.
enum PlanDigest {
  /// The digest of a plan.
  static func of(_ entries: [PlannedTensor]) -> String {
    var hash = SHA256()
    for entry in entries {
      let source = entry.tensor.description
      // Each field behind its length, so that no two plans give the same bytes.
      for field in [
        entry.tensor.canonicalName, entry.tensor.role.rawValue, source.name, source.dtype.rawValue, "\(source.shape)",
        "\(source.fileIndex)", "\(source.offset)", entry.scheme.name, entry.encoding.name, entry.dtype.rawValue,
        "\(entry.rowsPerChunk)",
      ] { hash.update(data: Array("\(field.utf8.count) \(field)".utf8)) }
    }
    return EvaluationDigest.text(hash)
  }

  /// The digest of small files: names and contents.
  ///
  /// - Throws: what reading them throws.
  static func of(_ files: [SideFile]) throws -> String {
    var hash = SHA256()
    for file in files {
      let bytes = try file.read()
      hash.update(data: Array("\(file.name.utf8.count) \(file.name)\(bytes.count) ".utf8))
      hash.update(data: bytes)
    }
    return EvaluationDigest.text(hash)
  }
}
