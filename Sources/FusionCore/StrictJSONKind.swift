/// The six types of a JSON value.
public enum StrictJSONKind: String, Sendable, CaseIterable {
  case object, array, string, number, boolean, null

  /// With its article, for error messages.
  public var phrase: String {
    switch self {
    case .object, .array: "an " + rawValue
    case .string, .number, .boolean: "a " + rawValue
    case .null: rawValue
    }
  }
}
