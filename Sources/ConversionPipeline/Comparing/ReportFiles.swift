import AccuracyReports
import Foundation
import FusionCore
import MappedFiles

/// The files that a report goes to, opened before the work and named after it.
public struct ReportFiles {
  private let html: AtomicFile?
  private let markdown: AtomicFile?
  private let plan: AtomicFile?

  /// Starts the files that are asked for.
  ///
  /// - Parameter inputs: files and folders that are read; they are not written over, whatever `replacing` says.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.outputIsInput`.
  public init(html: String?, markdown: String?, plan: String?, inputs: [String], replacing: Bool) throws {
    let outputs = [html, markdown, plan].compactMap { $0 }
    try Self.refuse(outputs, inputs: inputs)
    func start(_ path: String?) throws -> AtomicFile? {
      try path.map { try AtomicFile(path: $0, replacing: replacing) }
    }
    self.html = try start(html)
    self.markdown = try start(markdown)
    self.plan = try start(plan)
  }

  private static func refuse(_ outputs: [String], inputs: [String]) throws {
    let files = inputs.flatMap { input -> [String] in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: input)) ?? []
      return [input] + names.map { "\(input)/\($0)" }
    }
    for (index, output) in outputs.enumerated() {
      try OutputGuard.refuse(output, ifAmong: files)
      guard outputs[..<index].contains(output) else { continue }
      throw FusionError(
        .outputIsInput, "two outputs have one name", file: output, expected: "a file for each form",
        found: "the same name twice", remedy: "choose another name for one of them")
    }
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
