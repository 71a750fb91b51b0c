import FusionCore
import Testing

@Suite struct FusionRuntimeErrorCodes {}
