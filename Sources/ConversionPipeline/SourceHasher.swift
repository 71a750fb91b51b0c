import Crypto
import FusionCore
import Glibc
import MappedFiles

/// SHA-256 of the source's files, a segment at a time, so that hashing can run beside the conversion.
///
/// Two files are hashed side by side where that takes little longer than one, and where they stay in memory meanwhile.
final class SourceHasher {
  /// Bytes of one file.
  struct Part: Sendable, Equatable {
    let fileIndex: Int
    let range: Range<Int>
  }

  /// One step of hashing.
  struct Segment: Sendable, Equatable {
    let part: Part
    /// As many bytes of a second file.
    var companion: Part?
  }

  /// Bytes of one segment, of each file: short enough not to hold up the steps that wait behind it.
  private static let segmentByteCount = 8 << 20

  /// A file that has been begun.
  private struct Open {
    let mapped: MappedFile
    var hash: Hash
  }

  private enum Hash {
    case blockwise(BlockwiseSHA256)
    /// On processors without instructions that are known here.
    case general(SHA256)
  }

  private let files: [SourceFile]
  private var open: [Int: Open] = [:]
  private var digests: [Int: [UInt8]] = [:]
  /// All segments, of each file in order.
  let segments: [Segment]

  init(files: [SourceFile]) {
    self.files = files
    // A page that was fetched for the hash alone would be fetched from the disk again if it did not stay in memory.
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let staysInMemory = files.reduce(0) { $0 + $1.byteCount } <= memory / 2
    segments = Self.segments(
      byteCounts: files.map(\.byteCount), inPairs: BlockwiseSHA256.isAvailable && staysInMemory)
  }

  /// File after file, or two at a time: when one of the two has ended, the next file takes its place.
  private static func segments(byteCounts: [Int], inPairs: Bool) -> [Segment] {
    var segments: [Segment] = []
    var waiting = byteCounts.indices[...]
    var begun: [(fileIndex: Int, offset: Int)] = []
    func take(_ count: Int, of position: Int) -> Part {
      let (index, offset) = begun[position]
      begun[position].offset += count
      return Part(fileIndex: index, range: offset..<(offset + count))
    }
    while true {
      while begun.count < (inPairs ? 2 : 1), let next = waiting.popFirst() { begun.append((next, 0)) }
      guard !begun.isEmpty else { return segments }
      let left = begun.map { byteCounts[$0.fileIndex] - $0.offset }
      let common =
        min(left.min() ?? 0, segmentByteCount) / BlockwiseSHA256.blockByteCount
        * BlockwiseSHA256.blockByteCount
      if begun.count == 2, common > 0 {
        segments.append(Segment(part: take(common, of: 0), companion: take(common, of: 1)))
        begun.removeAll { byteCounts[$0.fileIndex] == $0.offset }
      } else {
        // Alone, or the last few bytes of the shorter one.
        let position = left.count == 2 && left[1] < left[0] ? 1 : 0
        segments.append(Segment(part: take(min(left[position], segmentByteCount), of: position)))
        begun.removeAll { byteCounts[$0.fileIndex] == $0.offset }
      }
    }
  }

  /// Hashes the next segment; segments must come in order.
  ///
  /// - Throws: `.changedWhileReading`, `.cannotOpen`.
  func add(_ segment: Segment) throws {
    if let companion = segment.companion {
      try add(segment.part, companion)
    } else {
      try add(segment.part)
    }
  }

  private func add(_ part: Part) throws {
    var file = try begun(part.fileIndex)
    let isLast = part.range.upperBound == files[part.fileIndex].byteCount
    // The state is changed in place.
    open[part.fileIndex] = nil
    try file.mapped.withBytes(in: part.range) { bytes in
      switch file.hash {
      case .blockwise(var hash):
        if isLast {
          digests[part.fileIndex] = hash.digest(endingIn: bytes)
        } else {
          hash.update(bytes)
          file.hash = .blockwise(hash)
        }
      case .general(var hash):
        hash.update(bufferPointer: bytes)
        if isLast { digests[part.fileIndex] = Array(hash.finalize()) }
        file.hash = .general(hash)
      }
    }
    file.mapped.discard(part.range)
    if !isLast { open[part.fileIndex] = file }
  }

  private func add(_ part: Part, _ companion: Part) throws {
    var (one, other) = (try begun(part.fileIndex), try begun(companion.fileIndex))
    guard case .blockwise(var hash) = one.hash, case .blockwise(var otherHash) = other.hash else {
      preconditionFailure("two files at a time are hashed by blocks")
    }
    try one.mapped.withBytes(in: part.range) { bytes in
      try other.mapped.withBytes(in: companion.range) { otherBytes in
        BlockwiseSHA256.update(&hash, bytes, &otherHash, otherBytes)
      }
    }
    one.mapped.discard(part.range)
    other.mapped.discard(companion.range)
    (one.hash, other.hash) = (.blockwise(hash), .blockwise(otherHash))
    (open[part.fileIndex], open[companion.fileIndex]) = (one, other)
    for ended in [part, companion] where ended.range.upperBound == files[ended.fileIndex].byteCount {
      try add(Part(fileIndex: ended.fileIndex, range: ended.range.upperBound..<ended.range.upperBound))
    }
  }

  private func begun(_ index: Int) throws -> Open {
    if let file = open[index] { return file }
    let file = files[index]
    let opened = try MappedFile(path: file.path)
    guard opened.byteCount == file.byteCount else {
      throw FusionError(
        .changedWhileReading, "the input was changed while it was being read", file: file.path,
        expected: "\(file.byteCount) bytes", found: "\(opened.byteCount) bytes",
        remedy: "let the download or copy finish, then run the command again")
    }
    return Open(
      mapped: opened, hash: BlockwiseSHA256.isAvailable ? .blockwise(BlockwiseSHA256()) : .general(SHA256()))
  }

  /// The digest of a file all of whose segments were added.
  func digest(ofFile index: Int) -> [UInt8] {
    guard let digest = digests[index] else { preconditionFailure("file \(index) is not hashed to its end") }
    return digest
  }
}
