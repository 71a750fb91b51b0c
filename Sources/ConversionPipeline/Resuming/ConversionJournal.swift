import ContainerFormat
import FusionCore
import MappedFiles

/// What makes a conversion one that can be gone on with: the output under a name of its own, and a line for each tensor
/// that is complete in it.
///
/// While it is open no other process can go on with the same output. Nothing on the disk is changed before what is there
/// was proven to belong to this conversion.
final class ConversionJournal {
  /// Tensors that an earlier process completed, in the order of the plan.
  let taken: [JournalLine]
  /// The output so far.
  let partial: PartialFile
  let paths: ResumptionPaths

  /// Whether another process will find something to go on with.
  var isWorthwhile: Bool { !isWorthless }

  /// Whether other processes are kept from the same output.
  var isLocked: Bool { file.isLocked }

  private let file: AppendedFile
  /// Where the next line goes; behind it may be one that was not written to its end.
  private var wholeByteCount: Int
  /// Whether there is nothing that anyone could go on with.
  private var isWorthless: Bool

  /// Opens the partial files of an output, or begins them.
  ///
  /// - Throws: `.outputExists`, `.outputInUse`, `.cannotCreate`; `.resumeForeignFile`, `.resumeJournal`,
  ///   `.resumeOtherConversion`, `.partialFileDiffers` for files that cannot be gone on with.
  init(_ paths: ResumptionPaths, _ header: JournalHeader, _ entries: [PlannedTensor], replacing: Bool) throws {
    self.paths = paths
    let file = try AppendedFile(path: paths.journal)
    var isAccepted = file.wasThere
    defer { if !isAccepted { file.remove() } }
    let found = try Self.read(file, header, entries, paths)
    let isThere = try Self.hasPartialFile(paths)
    guard found.hasHeader || !isThere else {
      throw FusionError(
        .resumeForeignFile, "there is a partial file that no journal belongs to", file: paths.partial,
        expected: "nothing, or a partial file and its journal", found: "a file", remedy: paths.beginAnew)
    }
    // Without the partial file its journal speaks of nothing.
    taken = isThere ? found.lines : []
    wholeByteCount = isThere ? found.wholeByteCount : 0
    if !isThere {
      try file.cut(to: 0)
      try file.append(header.bytes)
      wholeByteCount = file.byteCount
    }
    partial = try PartialFile(
      path: paths.output, partialPath: paths.partial, replacing: replacing, keptByteCount: Self.end(of: taken))
    self.file = file
    isWorthless = partial.isNew
    isAccepted = true
    keepWork()
  }

  /// What was begun here and got nowhere is taken away, so that another command can be tried.
  deinit {
    UnfinishedWork.keep(paths.partial, nil)
    guard isWorthless else { return }
    partial.remove()
    file.remove()
  }

  /// What a person is told who stops the conversion now.
  private func keepWork() {
    UnfinishedWork.keep(
      paths.partial,
      "\(paths.partial.escapedForTerminal) keeps what is done; the same command with --resume goes on from here")
  }

  /// Notes that a tensor is complete. Its chunks must be durable.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  func add(_ record: TensorRecord) throws {
    try file.cut(to: wholeByteCount)
    try file.append(JournalLine(record).bytes)
    wholeByteCount = file.byteCount
    isWorthless = false
  }

  /// Forgets everything: the output has its name.
  func finish() {
    isWorthless = false
    file.remove()
    UnfinishedWork.keep(paths.partial, nil)
  }

  private static func read(
    _ file: AppendedFile, _ header: JournalHeader, _ entries: [PlannedTensor], _ paths: ResumptionPaths
  ) throws -> JournalReader {
    guard let bytes = try file.read(limit: JournalSchema.largestByteCount) else {
      throw FusionError.resumeJournal(
        paths, line: 1, expected: "at most \(JournalSchema.largestByteCount) bytes", found: "\(file.byteCount) bytes")
    }
    return try bytes.withUnsafeBytes { try JournalReader($0, header, entries, paths) }
  }

  private static func hasPartialFile(_ paths: ResumptionPaths) throws -> Bool {
    guard let partial = try FileIdentity(path: paths.partial) else { return false }
    guard let output = try FileIdentity(path: paths.output), output.isSameFile(as: partial) else { return true }
    // The process was ended between giving the output its name and taking the other one away. To go on would be to cut
    // a complete file.
    try OutputName.remove(paths.partial)
    return false
  }

  private static func end(of lines: [JournalLine]) -> Int {
    lines.reduce(0) { end, line in
      line.streams.reduce(end) { end, stream in
        stream.chunks.reduce(end) { max($0, CheckedArithmetic.sum($1.offset, $1.storedByteCount) ?? .max) }
      }
    }
  }
}
