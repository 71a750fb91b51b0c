import ArgumentParser

/// Options that say what is found out before a conversion is decided.
struct AdviceOptions: ParsableArguments {
  @Flag(help: "With --dry-run: a table of the ways to convert this checkpoint, and which one to take.")
  var compare = false

  @Option(
    help: ArgumentHelp(
      "Samples to measure on: a question file, a .txt file, or synth. With --compare, how far each way to convert leads;"
        + " else how much each part of the model suffers, so that the bits of a target or of --bits go there. none: do"
        + " not measure.",
      valueName: "data"))
  var measure: String?

  /// The word that stands for measuring nothing.
  static let noData = "none"
}
