import Crypto
import FusionCore
import MappedFiles
import QuestionSets

/// SHA-256 sums that tell one evaluation from another.
enum EvaluationDigest {
  private static let blockByteCount = 1 << 20

  /// The sum of a whole file.
  ///
  /// - Throws: `.cannotOpen`, `.changedWhileReading`.
  static func ofFile(_ path: String) throws -> String {
    let file = try MappedFile(path: path)
    var hash = SHA256()
    for start in stride(from: 0, to: file.byteCount, by: blockByteCount) {
      let range = start..<min(start + blockByteCount, file.byteCount)
      try file.withBytes(in: range) { hash.update(bufferPointer: $0) }
      file.discard(range)
    }
    return text(hash)
  }

  /// The sum of what questions say: every field, each behind its length, so that no two sets give the same bytes.
  static func of(_ questions: [Question]) -> String {
    var hash = SHA256()
    func add(_ field: String) {
      var count = UInt64(field.utf8.count).littleEndian
      withUnsafeBytes(of: &count) { hash.update(bufferPointer: $0) }
      hash.update(data: Array(field.utf8))
    }
    for question in questions {
      add(question.identifier)
      add(question.image ?? "")
      add(question.text)
      add(question.category)
      add(question.kind.rawValue)
      add(question.group ?? "")
      for list in [question.answers, question.options] {
        add("\(list.count)")
        list.forEach(add)
      }
    }
    return text(hash)
  }

  static func text(_ hash: SHA256) -> String {
    hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
