import FusionCore

extension FusionError.Code {
  /// There is no checkpoint preset of the name that was asked for.
  public static let unknownPreset = Self("synthetic.unknownPreset", .usage)
}
