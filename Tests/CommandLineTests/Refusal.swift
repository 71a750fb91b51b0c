import TestSupport
import Testing

/// A command that is refused.
enum Refusal {
  /// Expects an exit status, a reviewed message, nothing on standard output and nothing left behind.
  static func expect(
    _ arguments: [String], in folder: TemporaryFolder, status: Int32, snapshot: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try folder.names()
    let outcome = try CommandRunner.run(arguments, in: folder.path)
    #expect(outcome.status == status, "\(outcome.error)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(try folder.names() == before, sourceLocation: sourceLocation)
    try Snapshot.expect(
      Snapshot.normalized(outcome.error, folder: folder.path), matches: snapshot, sourceLocation: sourceLocation)
  }
}
