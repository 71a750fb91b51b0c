import ArgumentParser
import ConversionPipeline
import Foundation
import FusionCore

/// Options that every command takes.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one JSON document on standard output instead of text for people.")
  var json = false

  @Option(
    help: ArgumentHelp("Threads to work with, \(NumberRange.threads.span); all cores if not given.", valueName: "n"),
    transform: NumberRange.threads.parse)
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Kernels to compute with: portable, avx2, avx2vnni, avx512, avx512vnni or dotprod; the best if not given.",
      valueName: "level"))
  var isa: String?

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print more: every tensor of a plan or a comparison.")
  var verbose = false

  @Option(help: "Progress on standard error: auto (a bar on a terminal), plain (lines for a log), none.")
  var progress = ProgressStyle.auto

  func validate() throws {
    if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other") }
  }

  /// Threads and kernels to work with.
  ///
  /// - Throws: a usage error if the option or the environment forces kernels that this machine cannot run.
  func execution() throws -> ExecutionOptions {
    try ExecutionOptions.forThisMachine(
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, instructionSet: isa)
  }

  /// Shows the progress of long steps, or `nil` where none is wanted.
  func progressHandler() -> ProgressHandler? {
    guard let printer = progressPrinter() else { return nil }
    return { printer.show($0) }
  }

  /// What shows it; `nil` where none is wanted.
  func progressPrinter() -> ProgressPrinter? { quiet ? nil : ProgressPrinter(style: progress) }

  /// Runs a command's work and prints what it gives: JSON, or the text that `text` makes of it.
  ///
  /// - Throws: the exit status of an error, after the error was printed.
  func perform<Report: Encodable>(_ work: () throws -> Report, text: (Report) -> String) throws {
    try perform(work, show: { if !quiet { Console.printOutput(text($0)) } })
  }

  /// Runs a command's work and shows what it gives: JSON, or in its own way.
  ///
  /// - Throws: the exit status of an error, after the error was printed.
  func perform<Report: Encodable>(_ work: () throws -> Report, show: (Report) -> Void) throws {
    try perform(work, printJSON: { try Console.printJSON($0) }, show: show)
  }

  /// Runs a command's work and shows what it gives, its JSON in a form of its own.
  ///
  /// - Throws: the exit status of an error, after the error was printed.
  func perform<Report>(
    _ work: () throws -> Report, printJSON: (Report) throws -> Void, show: (Report) -> Void
  ) throws {
    do {
      // A level that is not there is refused by commands that would have no use for it, too.
      if isa != nil { _ = try execution() }
      let report = try work()
      if json {
        try printJSON(report)
      } else {
        show(report)
      }
      try Console.checkOutput()
    } catch let code as ExitCode {
      throw code
    } catch {
      throw FailureReport.show(FailureReport.fusionError(error), asJSON: json)
    }
  }
}

/// An error as JSON.
struct ErrorReport: Encodable {
  let schema = "fusion-convert.error/1"
  let code: String
  let exitStatus: Int32
  let summary: String
  let file: String?
  let place: String?
  let expected: String?
  let found: String?
  let remedy: String?

  init(_ error: FusionError) {
    code = error.code.rawValue
    exitStatus = error.code.category.rawValue
    summary = error.summary
    file = error.file
    place = error.place
    expected = error.expected
    found = error.found
    remedy = error.remedy
  }
}
