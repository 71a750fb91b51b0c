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

  /// Opens the files, so that a wrong name is found out before the work.
  ///
  /// - Parameter inputs: files and folders that the comparison reads.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.outputIsInput`.
  func open(inputs: [String]) throws -> ReportFiles {
    try ReportFiles(html: html, markdown: markdown, plan: plan, inputs: inputs, replacing: force)
  }
}
