import ArgumentParser
import ConversionPipeline
import FusionCore
import Glibc

/// How the program ends when it cannot do what was asked: one form for all errors, whatever threw them.
///
/// The error stands on standard error as `FusionError` describes itself; where JSON was asked for, a document with the
/// same fields stands on standard output.
enum FailureReport {
  /// The error in the one form: as it is, or as a defect of this program if it is of a kind that was not foreseen.
  static func fusionError(_ error: any Error) -> FusionError {
    if let known = error as? FusionError { return shortened(known) }
    return FusionError(
      .unforeseenError, "a defect of this program", expected: "no error of this kind",
      found: shortened("\(type(of: error)): \(error)"), remedy: "report it with the command and this message")
  }

  /// Prints an error.
  ///
  /// - Returns: the exit status.
  static func show(_ error: FusionError, asJSON: Bool) -> ExitCode {
    FaultHandling.waitIfEnding()
    Console.printError(error.description)
    if asJSON {
      do {
        try Console.printJSON(ErrorReport(error))
      } catch {
        Console.printError(fusionError(error).description)
      }
    }
    return ExitCode(error.code.category.rawValue)
  }

  /// Ends the program with what an error asks for: a message and an exit status, or the help that was wanted.
  static func end(_ error: any Error) -> Never {
    FaultHandling.waitIfEnding()
    if let code = error as? ExitCode { exit(code.rawValue) }
    switch FusionConvert.exitCode(for: error) {
    case .success: printAndEnd(FusionConvert.fullMessage(for: error))
    case .validationFailure:
      let code = show(refusedArguments(FusionConvert.fullMessage(for: error)), asJSON: isJSONWanted)
      // Whoever gave no arguments at all wants to know how to begin.
      if CommandLine.arguments.count < 2 { Console.printError("\n" + FusionConvert.helpMessage()) }
      exit(code.rawValue)
    default: exit(show(fusionError(error), asJSON: isJSONWanted).rawValue)
    }
  }

  /// Prints help, the version or a completion script, which the parser of arguments asks for by an error.
  private static func printAndEnd(_ text: String) -> Never {
    Console.write(text + "\n", to: STDOUT_FILENO)
    do {
      try Console.checkOutput()
    } catch {
      exit(show(fusionError(error), asJSON: false).rawValue)
    }
    exit(EXIT_SUCCESS)
  }

  /// Whether an error is to be shown as JSON too, where the arguments could not be read.
  private static var isJSONWanted: Bool {
    CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")
  }

  /// The parser's message in the one form.
  ///
  /// - Parameter message: `Error: ` and what is wrong, perhaps on several lines; then perhaps `Help:  ` and what the
  ///   option is for, `Usage: `, and `  See '...' for more information.`
  private static func refusedArguments(_ message: String) -> FusionError {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    // The whole help of the program may follow after an empty line.
    let head = lines.prefix { !$0.isEmpty }
    let words = head.prefix { !$0.hasPrefix(helpMark) && !$0.hasPrefix(usageMark) && !$0.hasPrefix(seeMark) }
      .map { $0.drop { $0 == " " } }.joined(separator: " ")
    let summary = words.hasPrefix(errorMark) ? String(words.dropFirst(errorMark.count)) : words
    let help = head.first { $0.hasPrefix(helpMark) }?.dropFirst(helpMark.count)
    let place = head.last { $0.hasPrefix(seeMark) }?.dropFirst(seeMark.count).prefix { $0 != "'" }
    return FusionError(
      .badOption, shortened(inLowerCase(summary)), expected: help.map(String.init),
      remedy: "see \(place ?? "fusion-convert --help")")
  }

  private static let errorMark = "Error: "
  private static let helpMark = "Help:  "
  private static let usageMark = "Usage: "
  private static let seeMark = "  See '"

  /// A sentence without its capital letter.
  private static func inLowerCase(_ text: String) -> String {
    guard let first = text.first, text.dropFirst().first?.isUppercase != true else { return text }
    return first.lowercased() + text.dropFirst()
  }

  /// A message for people, not a copy of what was typed.
  private static func shortened(_ text: String) -> String {
    let count = text.count
    guard count > greatestCharacterCount else { return text }
    let part = greatestCharacterCount / 2
    return "\(text.prefix(part)) ... \(text.suffix(part)) (\(count) characters)"
  }

  private static let greatestCharacterCount = 600

  /// The same for the parts of an error, line by line: some are lists, which have an end of their own.
  private static func shortened(_ error: FusionError) -> FusionError {
    var short = error
    short.summary = shortened(error.summary)
    for field in [\FusionError.file, \.place, \.expected, \.found, \.remedy] {
      short[keyPath: field] = error[keyPath: field].map { text in
        text.split(separator: "\n", omittingEmptySubsequences: false).map { shortened(String($0)) }
          .joined(separator: "\n")
      }
    }
    return short
  }
}

extension FusionError.Code {
  /// An error that the program should have foreseen.
  static let unforeseenError = Self("program.unforeseenError", .internalDefect)
}
