import Foundation
import TestSupport
import Testing

/// The options of all commands, as the program lists them itself.
struct CommandOptions {
  /// Words that name a command.
  let command: [String]
  /// Options that take a value, with their dashes.
  let options: [(name: String, choices: [String])]

  /// All commands that do something.
  static func all() throws -> [CommandOptions] {
    let folder = try TemporaryFolder()
    let outcome = try CommandRunner.run(["--experimental-dump-help"], in: folder.path)
    let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
    return leaves(document.command, path: [])
  }

  private static func leaves(_ command: Command, path: [String]) -> [CommandOptions] {
    let subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }
    guard subcommands.isEmpty else {
      return subcommands.flatMap { leaves($0, path: path + [$0.commandName]) }
    }
    let options = (command.arguments ?? []).filter { $0.kind == "option" }.compactMap { argument in
      (argument.names ?? []).first { $0.kind == "long" }.map { ("--\($0.name)", argument.allValues ?? []) }
    }
    return [CommandOptions(command: path, options: options)]
  }

  private struct Document: Decodable { let command: Command }

  private struct Command: Decodable {
    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?
  }

  private struct Argument: Decodable {
    let kind: String
    let names: [Name]?
    let allValues: [String]?
  }

  private struct Name: Decodable {
    let kind: String
    let name: String
  }
}
