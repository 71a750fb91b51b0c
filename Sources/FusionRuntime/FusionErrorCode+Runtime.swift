import FusionCore

extension FusionError.Code {
  /// The prompt and the answer asked for do not fit into the model's context.
  public static let promptTooLong = Self("runtime.promptTooLong", .usage)
}
