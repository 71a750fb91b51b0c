/// What a question file may hold at most; far above every published one, and small enough for any machine.
public enum QuestionLimits {
  /// Bytes of a line, or of a field of a table: the text of a question is a few hundred.
  public static let lineByteCount = 1 << 20
  /// Bytes of a picture in base64: 48 MiB as a file.
  public static let pictureByteCount = 64 << 20
  /// Bytes of a document that is one JSON value; the published ones have up to 100 MB.
  public static let documentByteCount = 1 << 30
  /// Questions of a set.
  public static let questionCount = 1_000_000
  /// Answers or options of a question.
  public static let listCount = 64
  /// Bytes of an identifier, category or picture path.
  public static let nameByteCount = 1024
  /// Columns of a table.
  public static let columnCount = 64
  /// Levels of objects and arrays.
  public static let nestingDepth = 8
}
