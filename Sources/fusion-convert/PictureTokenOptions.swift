import ArgumentParser

/// Options that say how many tokens a picture becomes.
struct PictureTokenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Latent tokens of a turn; the largest number of the model's list if not given.", valueName: "n"),
    transform: NumberRange.pictureTokens.parse)
  var queryLen: Int?

  @Option(
    help: ArgumentHelp("Tokens of the picture, a perfect square; FUSION-L takes 144.", valueName: "n"),
    transform: NumberRange.pictureTokens.parse)
  var imageTokens: Int?
}
