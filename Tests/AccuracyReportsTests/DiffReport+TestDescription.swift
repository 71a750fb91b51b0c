import AccuracyReports
import Testing

/// The names of a report's models instead of all its values in the log of the tests.
extension DiffReport: CustomTestStringConvertible {
  /// What the log calls it.
  public var testDescription: String { "\(candidate.path) against \(reference.path), \(verdict.grade.rawValue)" }
}
