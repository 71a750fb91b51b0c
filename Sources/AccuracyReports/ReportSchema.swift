/// Names of the report's machine-readable form.
public enum ReportSchema {
  /// Value of the JSON form's `schema`; the number grows when a field changes its meaning or goes.
  public static let name = "fusion-convert.diff/2"
}
