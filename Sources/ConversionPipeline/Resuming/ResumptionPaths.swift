import FusionCore

/// Where an output lies until it is complete, and what tells how far it has come.
public struct ResumptionPaths {
  let output: String

  /// Paths of what lies beside an output until it is complete.
  public static func all(of output: String) -> [String] {
    let paths = ResumptionPaths(output: output)
    return [paths.partial, paths.journal]
  }

  /// The container so far.
  var partial: String { output + JournalSchema.partialSuffix }
  /// What is complete in it.
  var journal: String { output + JournalSchema.journalSuffix }

  /// What to do if it cannot be gone on with.
  var beginAnew: String {
    "delete \(partial.escapedForTerminal) and \(journal.escapedForTerminal), then run the command again"
  }
}
