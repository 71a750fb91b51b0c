import ArgumentParser
import ConversionPipeline
import FusionRuntime
import TextTokenizer

/// Options of commands that run a model.
struct ModelOptions: ParsableArguments {
  @Flag(
    help: """
      Hold one layer in memory at a time and read it again in every pass: for machines smaller than the model. Same \
      results, slower.
      """)
  var streamWeights = false

  @Option(
    help: """
      What quantized weights are multiplied with: float32, or int8 (rounded in blocks of 32 columns; faster, with an \
      error of its own).
      """)
  var activations = ActivationPrecision.float32

  @Option(
    help: """
      What keys and values of earlier positions are held as: float32, bf16 (half the memory), or int8 (about a quarter, \
      one scale for each key and value of a head). Less memory is also less to read for each token of a long text. \
      If not given, float32 with float32 activations and bf16 with int8 ones.
      """)
  var kvCache: KeyValuePrecision?

  @Option(help: "Tokenizer: slow (tokenizer.model) or fast (tokenizer.json); the reference's choice if not given.")
  var tokenizer: TokenizerChoice?

  /// The settings for a runner.
  var settings: RunSettings {
    var settings = RunSettings()
    settings.residency = streamWeights ? .streamed : .resident
    settings.precision = activations
    settings.keyValuePrecision = kvCache ?? activations.usualKeyValuePrecision
    settings.tokenizer = tokenizer
    return settings
  }
}

extension ActivationPrecision: ExpressibleByArgument {}
extension KeyValuePrecision: ExpressibleByArgument {}
extension TokenizerChoice: ExpressibleByArgument {}
extension ConversationTemplate: ExpressibleByArgument {}
