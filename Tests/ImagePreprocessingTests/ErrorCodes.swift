import FusionCore
import Testing

@Suite struct ImagePreprocessingErrorCodes {}
