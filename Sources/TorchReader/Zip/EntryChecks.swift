import FusionCore

/// Checks the contents of each entry of an archive once, whoever asks and how often.
///
/// Safe for use from several threads: while one checks an entry, others that ask for the same one wait, and those that
/// ask for another one go on.
public final class EntryChecks: Sendable {
  /// What is known of one entry; the lock is held while it is being checked.
  private final class Slot: Sendable {
    let result = Protected<Result<Void, any Error>?>(nil)
  }

  private let archive: ZipArchive
  /// By where the content starts, which no two entries share: there is a header between them.
  private let slots = Protected<[Int: Slot]>([:])

  /// Starts with nothing checked.
  public init(of archive: ZipArchive) { self.archive = archive }

  /// Proves that the bytes of an entry have their checksum, by reading them the first time and from memory later.
  ///
  /// - Parameter entry: an entry of the archive.
  /// - Throws: what ``ZipArchive/checkContents(of:)`` throws; a failure is remembered and thrown again.
  public func check(_ entry: ZipEntry) throws {
    let slot = slots.withLock { slots in
      if let known = slots[entry.dataRange.lowerBound] { return known }
      let new = Slot()
      slots[entry.dataRange.lowerBound] = new
      return new
    }
    let result = slot.result.withLock { known in
      if let known { return known }
      let new = Result { try archive.checkContents(of: entry) }
      known = new
      return new
    }
    try result.get()
  }
}
