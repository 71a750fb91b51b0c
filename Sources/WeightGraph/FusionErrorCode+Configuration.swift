import FusionCore

extension FusionError.Code {
  /// A config.json is larger than ``ModelConfiguration/maximumByteCount``.
  public static let configurationTooLarge = Self("config.tooLarge")
  /// A config.json holds more values than any configuration does.
  public static let configurationTooComplex = Self("config.tooComplex")
  /// A field stands twice in one object, so that two programs could read two models.
  public static let configurationDuplicateField = Self("config.duplicateField")
  /// A field without which the model is not known is absent.
  public static let configurationMissingField = Self("config.missingField")
  /// A field has another JSON type than the one it is defined with.
  public static let configurationWrongType = Self("config.wrongType")
  /// A number is outside of the range that makes sense for it.
  public static let configurationOutOfRange = Self("config.outOfRange")
  /// Two fields contradict each other.
  public static let configurationInconsistent = Self("config.inconsistent")
  /// The model type, activation or projector is one that this toolkit does not know.
  public static let configurationUnsupported = Self("config.unsupported")
  /// The configuration says that its weights are quantized already.
  public static let configurationAlreadyQuantized = Self("config.alreadyQuantized")
}
