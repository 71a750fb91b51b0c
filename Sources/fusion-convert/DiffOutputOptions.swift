import ArgumentParser
import ConversionPipeline

/// Options that say which files a comparison writes.
struct DiffOutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the report as one self-contained page.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the report as Markdown.", valueName: "file"))
  var markdown: String?

  @Option(help: ArgumentHelp("Write the plan that --sensitivity proposes.", valueName: "file"))
  var plan: String?

  @Flag(help: "Replace these files if they exist.")
  var force = false

  /// All files that are asked for.
  var paths: [String] { [html, markdown, plan].compactMap { $0 } }

  /// Opens the files, so that a wrong name is found out before the work.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`.
  func open() throws -> ReportFiles {
    try ReportFiles(html: html, markdown: markdown, plan: plan, replacing: force)
  }
}
