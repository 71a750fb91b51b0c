import QuestionSets
import Testing

struct QuestionTests {
  @Test(arguments: [("yes/no", QuestionKind.yesNo), ("choice", .choice), ("short", .short), ("long", .long)])
  func kindsHaveNamesInFiles(name: String, kind: QuestionKind) { #expect(QuestionKind(rawValue: name) == kind) }
}
