import Crypto
import FusionCore
import MappedFiles

/// SHA-256 of the source's files, a segment at a time, so that hashing can run beside the conversion.
final class SourceHasher {
  /// One step of hashing.
  struct Segment: Sendable {
    let fileIndex: Int
    let range: Range<Int>
  }

  /// Bytes of one segment: short enough not to hold up the steps that wait behind it.
  private static let segmentByteCount = 8 << 20

  private let files: [SourceFile]
  private var mapped: MappedFile?
  private var mappedIndex = -1
  private var hash = SHA256()
  private var digests: [Int: [UInt8]] = [:]

  init(files: [SourceFile]) { self.files = files }

  /// All segments, file after file.
  var segments: [Segment] {
    files.indices.flatMap { index in
      let count = files[index].byteCount
      guard count > 0 else { return [Segment(fileIndex: index, range: 0..<0)] }
      return stride(from: 0, to: count, by: Self.segmentByteCount).map {
        Segment(fileIndex: index, range: $0..<min($0 + Self.segmentByteCount, count))
      }
    }
  }

  /// The digests of files, one after the other.
  ///
  /// - Parameter step: what is being done, for the progress.
  /// - Throws: `.changedWhileReading`, `.cannotOpen`.
  static func digests(of files: [SourceFile], step: String, progress: ProgressHandler?) throws -> [[UInt8]] {
    let hasher = SourceHasher(files: files)
    let total = files.reduce(0) { $0 + $1.byteCount }
    var done = 0
    for segment in hasher.segments {
      try hasher.add(segment)
      done += segment.range.count
      progress?(ProgressUpdate(step: step, doneByteCount: done, totalByteCount: total))
    }
    return files.indices.map(hasher.digest)
  }

  /// Hashes the next segment; segments must come in order.
  ///
  /// - Throws: `.changedWhileReading`, `.cannotOpen`.
  func add(_ segment: Segment) throws {
    let file = files[segment.fileIndex]
    if segment.fileIndex != mappedIndex {
      let opened = try MappedFile(path: file.path)
      guard opened.byteCount == file.byteCount else {
        throw FusionError(
          .changedWhileReading, "the input was changed while it was being read", file: file.path,
          expected: "\(file.byteCount) bytes", found: "\(opened.byteCount) bytes",
          remedy: "let the download or copy finish, then run the command again")
      }
      mapped = opened
      mappedIndex = segment.fileIndex
      hash = SHA256()
    }
    guard let mapped else { preconditionFailure("a file is mapped before it is hashed") }
    try mapped.withBytes(in: segment.range) { hash.update(bufferPointer: $0) }
    mapped.discard(segment.range)
    if segment.range.upperBound == file.byteCount { digests[segment.fileIndex] = Array(hash.finalize()) }
  }

  /// The digest of a file all of whose segments were added.
  func digest(ofFile index: Int) -> [UInt8] {
    guard let digest = digests[index] else { preconditionFailure("file \(index) is not hashed to its end") }
    return digest
  }
}
