import AccuracyReports
import Testing

struct ColumnTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("日本語", 6), ("e\u{301}", 1), ("🙂", 2), ("👩‍👩‍👧", 2), ("a\u{200B}b", 2), ("▁▂█ ▏", 5),
    ("ﬀ Ｗ", 4), ("한국", 4), ("✓×–", 3), ("✅", 2),
  ])
  func aTextTakesItsColumns(text: String, columns: Int) { #expect(text.columnCount == columns) }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("", 3, ""),
  ])
  func theEndIsCutOff(text: String, width: Int, result: String) { #expect(text.truncated(toColumns: width) == result) }

  @Test(arguments: [("layers.10.weight", 9, "laye…ight"), ("layers", 6, "layers"), ("日本語日本語", 6, "日…語")])
  func theMiddleIsCutOut(text: String, width: Int, result: String) {
    #expect(text.middleTruncated(toColumns: width) == result)
  }

  private static let paragraphs: [(String, Int, [String])] = [
    ("a bc def", 4, ["a bc", "def"]), ("abcdefghij", 4, ["abcd", "efgh", "ij"]), ("", 4, [""]),
    ("a 日本語 b", 4, ["a", "日本", "語 b"]), ("one  two", 9, ["one two"]),
  ]

  @Test(arguments: paragraphs)
  func linesAreBrokenAtSpaces(text: String, width: Int, lines: [String]) {
    #expect(text.wrapped(toColumns: width) == lines)
  }

  @Test(arguments: [("a\r\n\tb", "a b"), ("\u{1B}[31mx", "\\u{1B}[31mx"), ("a\u{202E}b", "a\\u{202E}b")])
  func aTextGoesOnOneLine(text: String, result: String) { #expect(text.onOneLine == result) }
}
