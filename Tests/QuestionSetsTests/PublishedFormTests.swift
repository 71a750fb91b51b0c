import FusionCore
import QuestionSets
import TestSupport
import Testing

/// Tables, arrays and annotations as benchmarks publish them.
@Suite struct PublishedFormTests {
  @Test func tableWithPictures() throws {
    let set = try QuestionFile.read(QuestionExamples.bench)
    #expect(set.format == .mmbench)
    #expect(set.questions.map(\.identifier) == ["7", "1000007", "8"])
    #expect(set.questions.map(\.answers) == [["B"], ["A"], ["D"]])
    #expect(set.questions.map(\.options) == [["cat", "dog"], ["dog", "cat"], ["one", "two", "three", "four"]])
    #expect(set.questions.map(\.category) == ["animals", "animals", "numbers"])
    // The second row asks the first one again with its options moved.
    #expect(set.questions.map(\.group) == ["7", "7", nil])
    #expect(
      set.questions[0].text == """
        A "hint"
        of two lines
        What is it?
        A. cat
        B. dog
        Answer with the option's letter from the given choices directly.
        """)
    for question in set.questions {
      #expect(try set.embeddedImage(of: question) == Array("hello world!!".utf8))
    }
  }

  @Test func aPictureThatIsNotBase64() throws {
    let text = QuestionExamples.bench.split(separator: QuestionExamples.picture).joined(
      separator: "@not-at-all-base64@")
    let set = try QuestionFile.read(text)
    let error = #expect(throws: FusionError.self) { try set.embeddedImage(of: set.questions[2]) }
    #expect(error?.code == .questionPictureEncoding)
    #expect(error?.place == "line 5, field image")
  }

  @Test(arguments: [
    ("index\tquestion\tA\tB\n1\twhat\tx\n", FusionError.Code.questionsMalformedTable, "line 2"),
    ("index\tquestion\tA\tB\n1\twhat\tx\ty\n2\t\"what\tx\ty\n", .questionsMalformedTable, "line 3"),
    ("index\tquestion\tA\tB\n1\t\"what\"?\tx\ty\n", .questionsMalformedTable, "line 2"),
    ("index\tquestion\tA\tB\nx\twhat\tx\ty\n", .questionWrongField, "line 2, field index"),
    ("index\tquestion\tA\tB\n1\t\tx\ty\n", .questionWrongField, "line 2, field question"),
    ("index\tquestion\tA\tB\n1\twhat\tx\t\n", .questionWrongField, "line 2, field B"),
    ("index\tquestion\tA\tB\tanswer\n1\twhat\tx\ty\tC\n", .questionWrongField, "line 2, field answer"),
    ("index\tquestion\tA\tB\timage\n1\twhat\tx\ty\t5\n", .questionWrongField, "line 2, field image"),
    ("index\tquestion\tA\tB\n1\twhat\tx\ty\n1\twhat\tx\ty\n", .questionDuplicate, "line 3, field question_id"),
    ("index\tquestion\tA\tB\tA\n", .questionsMalformedTable, "line 1"),
    ("index\tquestion\tA\tB\n", .questionsEmpty, ""),
    ("Index,Question,Options,Correct Answer\n1,What?,(a) x,(a)\n", .questionWrongField, "line 2, field Options"),
    ("Index,Question,Options,Correct Answer\n0,What?,(a) x (b) y,(a)\n", .questionWrongField, "line 2, field Index"),
    (
      "Index,Question,Options,Correct Answer\n1,What?,(a) x (b) y,(c)\n", .questionWrongField,
      "line 2, field Correct Answer"
    ),
  ])
  func tablesThatAreWrong(text: String, code: FusionError.Code, place: String) throws {
    let error = try #require(try QuestionFile.error(Array(text.utf8)))
    #expect(error.code == code)
    #expect(error.place ?? "" == place)
  }

  @Test func pairs() throws {
    let set = try QuestionFile.read(QuestionExamples.pairs)
    #expect(set.format == .mmvp)
    #expect(set.questions.map(\.group) == ["1", "1", "2"])
    #expect(set.questions.map(\.image) == ["1.jpg", "2.jpg", "3.jpg"])
    #expect(set.questions[0].options == ["Open", "Closed"])
    #expect(
      set.questions[0].text == """
        Are the wings closer to being open, or closed?
        (a) Open (b) Closed
        Answer with the option's letter from the given choices directly.
        """)
    #expect(AnswerJudge.judge(set.questions[1], answer: "B")?.score == 1)
    #expect(AnswerJudge.judge(set.questions[1], answer: "Open")?.score == 0)
  }

  @Test func conversations() throws {
    let set = try QuestionFile.read(QuestionExamples.science)
    #expect(set.format == .scienceqa)
    #expect(set.questions.map(\.identifier) == ["4", "11"])
    #expect(set.questions.map(\.image) == ["4/image.png", nil])
    #expect(set.questions.map(\.answers) == [["B"], ["C"]])
    #expect(set.questions.map(\.options) == [["rock", "plant"], ["one", "two", "three"]])
    #expect(set.questions[0].text.hasPrefix("Which is it?\nContext: N/A\nOptions:"))
  }

  @Test(arguments: [
    ("[\n{\"id\": 1}]", FusionError.Code.questionMissingField, "line 2, field conversations"),
    ("[{\"id\": 1, \"conversations\": []}]", .questionWrongField, "line 1, field conversations"),
    ("[{\"conversations\": [{\"value\": \"a\"}, {\"value\": \"b\"}]}]", .questionMissingField, "line 1, field id"),
    (
      "[{\"id\": 1, \"conversations\": [{\"value\": \"x (A) a (B) b\"}, {\"value\": \"The answer is D.\"}]}]",
      .questionWrongField, "line 1, field conversations"
    ),
    ("[{\"id\": 1,\n", .jsonSyntax, "line 1, offset 11"), ("[]", .questionsEmpty, ""),
  ])
  func conversationsThatAreWrong(text: String, code: FusionError.Code, place: String) throws {
    let error = try #require(try QuestionFile.error(Array(text.utf8)))
    #expect(error.code == code)
    #expect(error.place ?? "" == place)
  }

  @Test func annotationsAlone() throws {
    let set = try QuestionFile.read(QuestionExamples.annotations)
    #expect(set.format == .textvqa)
    #expect(set.questions.map(\.identifier) == ["34602", "34603"])
    #expect(set.questions.map(\.image) == ["003a.jpg", "003a.jpg"])
    #expect(AnswerJudge.judge(set.questions[0], answer: "Dakota.")?.score == 1)
    // Two people: each of the others sees both, the two see one. (8 (2 / 3) + 2 (1 / 3)) / 10
    #expect(abs((AnswerJudge.judge(set.questions[0], answer: "clos")?.score ?? 0) - 0.6) < 1e-15)
  }

  @Test func annotationsBesideQuestions() throws {
    let lines = """
      {"question_id": "003a", "image": "003a.jpg", "text": "what is the brand of this camera?\\n\
      Reference OCR token: X\\nAnswer the question using a single word or phrase.", "category": "default"}
      {"question_id": "003a", "image": "003a.jpg", "text": "What does it say?\\n\
      Answer the question using a single word or phrase.", "category": "default"}
      """
    let set = try QuestionFile.read(lines, .textvqa, answers: QuestionExamples.annotations)
    #expect(set.questions.map(\.identifier) == ["003a", "003a#2"])
    #expect(set.questions.map { $0.answers.first } == ["nous", "a"])
    let other = "{\"question_id\": \"4\", \"image\": \"004.jpg\", \"text\": \"what?\"}"
    let error = #expect(throws: FusionError.self) {
      try QuestionFile.read(other, .textvqa, answers: QuestionExamples.annotations)
    }
    #expect(error?.code == .questionNoAnswer)
    #expect(error?.place?.hasPrefix("question 4 of ") == true)
  }

  @Test func separateAnswersOfAnotherForm() throws {
    let error = #expect(throws: FusionError.self) {
      try QuestionFile.read(QuestionExamples.lines, answers: QuestionExamples.annotations)
    }
    #expect(error?.code == .questionsUnknownForm)
  }
}
