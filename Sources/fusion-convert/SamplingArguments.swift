import ArgumentParser
import FusionRuntime

/// Options that say how tokens are chosen.
struct SamplingArguments: ParsableArguments {
  @Option(help: ArgumentHelp("0 takes the most likely token; above 0 tokens are drawn.", valueName: "t"))
  var temperature = 0.0

  @Option(help: ArgumentHelp("Draw from the most likely tokens that reach this probability together.", valueName: "p"))
  var topP = 1.0

  @Option(help: ArgumentHelp("Draw from this many most likely tokens; 0 for all.", valueName: "k"))
  var topK = 0

  @Option(help: ArgumentHelp("Drop tokens less likely than this part of the most likely one.", valueName: "p"))
  var minP = 0.0

  @Option(help: ArgumentHelp("Make tokens that occurred less likely; 1 for no change.", valueName: "x"))
  var repetitionPenalty = 1.0

  @Option(help: ArgumentHelp("Number that decides what is drawn.", valueName: "n"))
  var seed: UInt64 = 0

  /// The checked options.
  ///
  /// - Throws: `.samplingOption`.
  func options() throws -> SamplingOptions {
    try SamplingOptions(
      temperature: temperature, topP: topP, topK: topK, minP: minP, repetitionPenalty: repetitionPenalty, seed: seed)
  }
}
