import ArgumentParser

/// Options that say which ways to convert are compared before one is taken.
struct AdviceOptions: ParsableArguments {
  @Flag(help: "With --dry-run: a table of the ways to convert this checkpoint, and which one to take.")
  var compare = false

  @Option(
    help: ArgumentHelp(
      "With --compare: convert in each way, beside the output, and measure the divergence on a question file.",
      valueName: "data"))
  var measure: String?

  func validate() throws {
    if measure != nil, !compare { throw ValidationError("--measure needs --compare") }
  }
}
