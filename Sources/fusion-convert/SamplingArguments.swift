import ArgumentParser
import FusionRuntime

/// Options that say how tokens are chosen.
struct SamplingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "0 takes the most likely token; above 0, from 0.001 to 100, tokens are drawn. (default: 0)", valueName: "t"),
    transform: NumberRange.temperature.parse)
  var temperature = 0.0

  @Option(
    help: ArgumentHelp(
      "Draw from the most likely tokens that reach this probability together, \(NumberRange.topProbability.span). (default: 1)",
      valueName: "p"), transform: NumberRange.topProbability.parse)
  var topP = 1.0

  @Option(
    help: ArgumentHelp("Draw from this many most likely tokens; 0 for all. (default: 0)", valueName: "k"),
    transform: NumberRange.topTokens.parse)
  var topK = 0

  @Option(
    help: ArgumentHelp(
      "Drop tokens less likely than this part of the most likely one, \(NumberRange.leastProbability.span). (default: 0)",
      valueName: "p"), transform: NumberRange.leastProbability.parse)
  var minP = 0.0

  @Option(
    help: ArgumentHelp(
      "Make tokens that occurred less likely, \(NumberRange.repetitionPenalty.span); 1 for no change. (default: 1)",
      valueName: "x"), transform: NumberRange.repetitionPenalty.parse)
  var repetitionPenalty = 1.0

  @Option(
    help: ArgumentHelp("Number that decides what is drawn. (default: 0)", valueName: "n"),
    transform: NumberRange.seed.parse)
  var seed: UInt64 = 0

  /// Sentences about options that change nothing without --temperature.
  var notices: [String] {
    let idle = [
      ("--top-p", topP != 1), ("--top-k", topK != 0), ("--min-p", minP != 0), ("--seed", seed != 0),
    ].filter(\.1).map(\.0)
    guard temperature == 0, !idle.isEmpty else { return [] }
    return [
      "\(idle.joined(separator: ", ")) \(idle.count == 1 ? "changes" : "change") nothing: without --temperature the most"
        + " likely token is taken"
    ]
  }

  /// The checked options.
  ///
  /// - Throws: `.samplingOption`.
  func options() throws -> SamplingOptions {
    try SamplingOptions(
      temperature: temperature, topP: topP, topK: topK, minP: minP, repetitionPenalty: repetitionPenalty, seed: seed)
  }
}
