import QuestionSets
import Testing

/// What is read out of answers.
@Suite struct AnswerTests {
  @Test(arguments: [
    ("Yes", true), ("yes.", true), ("Yes, there is.", true), ("YES!", true), ("**Yes**", true), ("It is, yes.", true),
    ("No", false), ("no, yes", false), ("There is no dog.", false), ("It is not there. Yes.", false),
    ("No\nYes", false),
  ])
  func yesOrNo(answer: String, expected: Bool) { #expect(YesNoAnswer.value(in: answer) == expected) }

  @Test(arguments: ["", "Maybe.", "A dog.", "nothing", "yesterday", "It is red. Yes.", "."])
  func neitherYesNorNo(answer: String) { #expect(YesNoAnswer.value(in: answer) == nil) }

  @Test(arguments: [
    ("A", "A"), ("b", "B"), ("C.", "C"), ("(D)", "D"), ("(a) red", "A"), ("B) blue", "B"), ("B: blue", "B"),
    ("B, blue", "B"), (" C\n", "C"), ("B\nbecause", "B"), ("Red", "A"), ("blue.", "B"), ("dark  green", "C"),
    ("The answer is B.", "B"), ("The answer is (C)", "C"), ("Answer: D", "D"), ("I choose option B", "B"),
    ("The correct option is: C", "C"),
  ])
  func letters(answer: String, expected: String) {
    #expect(ChoiceAnswer.letter(in: answer, options: ["red", "blue", "dark green", "yellow"]) == expected)
  }

  @Test(arguments: ["", "E", "A dog", "(A", "Bananas", "green", "The answer is green", "A-B", "C.D", "1", "Ä"])
  func noLetter(answer: String) {
    #expect(ChoiceAnswer.letter(in: answer, options: ["red", "blue", "dark green", "yellow"]) == nil)
  }

  @Test func optionsOfOneTextDecideNothing() {
    #expect(ChoiceAnswer.letter(in: "red", options: ["red", "Red"]) == nil)
    #expect(ChoiceAnswer.letter(in: "Z", options: []) == "Z")
  }

  @Test(arguments: [
    ("Which?\n(A) red\n(B) dark blue\n(C) green", ["red", "dark blue", "green"]),
    ("Options: (a) Open (b) Closed\nChoose.", ["Open", "Closed"]),
    ("Which?\nA. red\nB. blue\nThanks.", ["red", "blue"]), ("A) x\nB) y", ["x", "y"]), ("A: x\nB: y", ["x", "y"]),
    ("(A) one alone", []), ("B. blue\nC. red", []), ("nothing", []), ("", []), ("(A) red (C) blue", []),
  ])
  func optionsInTheText(text: String, expected: [String]) { #expect(OptionList.parse(text) == expected) }

  /// Values of the published processing.
  @Test(arguments: [
    ("The Dog.", "dog"), ("a red, round ball", "red round ball"), ("$1,000", "$1000"), ("3.5 m.", "3.5 m"),
    ("T.V.", "tv"), ("it's", "it 's"), ("dont know", "don't know"), ("Two and TEN", "2 and 10"),
    ("black-and-white", "black and white"), ("black - and-white", "black andwhite"), ("yes!", "yes"),
    ("what?", "what"), ("new york/boston", "new york boston"), ("coca cola\n", "coca cola"), ("none", "0"),
    ("man's hat", "man 's hat"), ("e=mc2", "e mc2"), ("", ""), ("U.S.A. 1.5.", "usa 1.5"), ("(left)", "left"),
    ("left (hand)", "left hand"), ("ten-pin", "10 pin"), ("somebody'd", "somebodyd"), ("youve", "you've"),
  ])
  func normalisation(answer: String, expected: String) { #expect(ShortAnswer.normalized(answer) == expected) }

  /// With m of ten people the mean over the ten is (m min(1, (m - 1) / 3) + (10 - m) min(1, m / 3)) / 10.
  @Test(arguments: [(0, 0.0), (1, 0.3), (2, 0.6), (3, 0.9), (4, 1), (10, 1)])
  func softScore(count: Int, expected: Double) {
    let references = (0..<10).map { $0 < count ? "The red." : "word \($0)x" }
    #expect(abs(ShortAnswer.score("red", references: references) - expected) < 1e-15)
  }

  @Test func fewerThanTenAnswersAreAllRight() {
    #expect(ShortAnswer.score("b", references: ["A", "B."]) == 1)
    #expect(ShortAnswer.score("c", references: ["A", "B."]) == 0)
  }
}
