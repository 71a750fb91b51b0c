import AccuracyReports
import FusionCore
import MappedFiles

/// The files that a report goes to, opened before the work and named after it.
public struct ReportFiles {
  private let html: AtomicFile?
  private let markdown: AtomicFile?
  private let plan: AtomicFile?

  /// Starts the files that are asked for.
  ///
  /// - Parameter replacing: whether files of these names may be replaced; ``CommandFiles`` says that they are not read.
  /// - Throws: `.outputExists`, `.cannotCreate`.
  public init(html: String?, markdown: String?, plan: String?, replacing: Bool) throws {
    func start(_ path: String?) throws -> AtomicFile? {
      try path.map { try AtomicFile(path: $0, replacing: replacing) }
    }
    self.html = try start(html)
    self.markdown = try start(markdown)
    self.plan = try start(plan)
  }

  /// Writes a report.
  ///
  /// Without a ranking, or where it proposes nothing, the plan's file is not made.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func write(_ report: DiffReport) throws {
    if let html { try write(HTMLReport(report).text, to: html) }
    if let markdown { try write(MarkdownReport(report).text, to: markdown) }
    if let plan, let text = report.sensitivity?.plan { try write(text, to: plan) }
  }

  private func write(_ text: String, to file: AtomicFile) throws {
    try file.append(Array(text.utf8))
    try file.commit()
  }
}
