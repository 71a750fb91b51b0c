import FusionCore
import Testing

@Suite struct TextTokenizerErrorCodes {}
