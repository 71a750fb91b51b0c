import FusionCore
import QuestionSets
import Testing

/// JSON lines in the forms of LLaVA, POPE, CV-Bench and MME.
@Suite struct LineQuestionTests {
  @Test func linesOfLLaVA() throws {
    let set = try QuestionFile.read(
      """
      {"question_id": 1, "image": "a/b.png", "text": "<image>\\nWhat colour?", "answer": "red", "category": "colour"}

      {"question_id": "x-2", "question": "Is it so?", "answer": "Yes", "extra": {"deep": [1, {"er": null}]}}
      {"id": 3, "image": null, "prompt": "Pick one.\\n(A) red\\n(B) blue", "gt_answer": "(B)"}
      {"question_id": 4, "text": "Pick.", "options": ["cat", "dog"], "answer": "dog"}
      {"question_id": 5, "text": "Tell me all.", "answer": "Much.", "type": "long"}
      {"question_id": 6, "text": "Anything?"}
      {"question_id": 7, "text": "What is written?", "answers": ["stop", "STOP", 5]}\r

      """)
    #expect(set.format == .lines)
    #expect(set.questions.map(\.identifier) == ["1", "x-2", "3", "4", "5", "6", "7"])
    #expect(set.questions.map(\.kind) == [.short, .yesNo, .choice, .choice, .long, .long, .short])
    #expect(set.questions.map(\.image) == ["a/b.png", nil, nil, nil, nil, nil, nil])
    #expect(set.questions.map(\.isScored) == [true, true, true, true, false, false, true])
    #expect(set.questions[0].text == "What colour?")
    #expect(set.questions[0].category == "colour")
    #expect(set.questions[2].options == ["red", "blue"])
    #expect(set.questions[3].options == ["cat", "dog"])
    #expect(set.questions[6].answers == ["stop", "STOP", "5"])
  }

  @Test func aPlaceAmongTheChoicesIsAnAnswer() throws {
    let set = try QuestionFile.read(
      """
      {"question_id": 1, "text": "Which?", "answer": 1, "choices": ["red", "blue"]}
      {"question_id": 2, "text": "Which?", "answer": 0, "choices": ["red", "blue"], "type": "choice"}
      {"question_id": 3, "text": "How many?", "answer": 2, "choices": ["1", "2", "3"]}
      {"question_id": 4, "text": "How many?", "answer": 2, "choices": ["1", "2", "3"], "type": "short"}
      """)
    #expect(set.questions.map(\.kind) == [.choice, .choice, .choice, .short])
    #expect(set.questions.map { AnswerJudge.expected($0) } == ["B", "A", "B", "2"])
    for answer in ["2", "-1", "\"green\"", "\"1\"", "1.0"] {
      let line = #"{"question_id": 1, "text": "Which?", "answer": \#(answer), "choices": ["red", "blue"]}"#
      let error = try QuestionFile.error(Array(line.utf8))
      #expect(error?.code.rawValue == "questions.wrongField", "\(answer)")
      #expect(error?.place == "line 1, field answer", "\(String(describing: error?.place))")
    }
  }

  @Test func theStatedTypeDecides() throws {
    let set = try QuestionFile.read(
      """
      {"question_id": 1, "text": "Say yes.", "answer": "yes", "type": "short"}
      {"question_id": 2, "text": "Which?", "answer": "B", "type": "choice"}
      {"question_id": 3, "text": "Which?", "answer": "B", "type": "2D"}
      """)
    #expect(set.questions.map(\.kind) == [.short, .choice, .short])
  }

  @Test func pope() throws {
    let set = try QuestionFile.read(
      """
      {"question_id": 1, "image": "COCO_val2014_1.jpg", "text": "Is there a dog in the image?", "label": "yes"}
      {"question_id": 2, "image": "COCO_val2014_1.jpg", "text": "Is there a cat in the image?", "label": "no"}
      """)
    #expect(set.format == .pope)
    #expect(set.questions.map(\.answers) == [["yes"], ["no"]])
    #expect(set.questions.allSatisfy { $0.kind == .yesNo })
  }

  /// Other files may call their answers labels.
  @Test func aLabelAloneIsNotPope() throws {
    let set = try QuestionFile.read(
      """
      {"question_id": 1, "text": "Is it?", "label": "yes", "category": "mine"}
      {"question_id": 2, "text": "What is it?", "label": "red", "category": "mine"}
      """)
    #expect(set.format == .lines)
    #expect(set.questions.map(\.kind) == [.yesNo, .short])
  }

  @Test func benchWithPrompt() throws {
    let set = try QuestionFile.read(
      """
      {"idx": 0, "type": "2D", "task": "Count", "filename": "img/2D/count/1.png", "question": "How many?", \
      "choices": ["3", "2"], "answer": "(B)", "prompt": "How many? Select from the following choices.\\n(A) 3\\n(B) 2"}
      """)
    #expect(set.format == .cvbench)
    let question = try #require(set.questions.first)
    #expect(question.category == "Count")
    #expect(question.image == "img/2D/count/1.png")
    #expect(question.options == ["3", "2"])
    #expect(
      question.text == """
        How many? Select from the following choices.
        (A) 3
        (B) 2
        Answer with the option's letter from the given choices directly.
        """)
  }

  /// Both questions of a picture have one name; the second gets a number, and they stay together.
  @Test func pairsOfMME() throws {
    let set = try QuestionFile.read(
      """
      {"question_id": "color/1.jpg", "image": "color/1.jpg", "text": "Is it red?", "category": "color"}
      {"question_id": "color/1.jpg", "image": "color/1.jpg", "text": "Is it blue?", "category": "color"}
      """)
    #expect(set.format == .mme)
    #expect(set.questions.map(\.identifier) == ["color/1.jpg", "color/1.jpg#2"])
    #expect(set.questions.map(\.group) == ["color/1.jpg", "color/1.jpg"])
    #expect(set.questions.allSatisfy { !$0.isScored })
  }

  @Test func aByteOrderMarkIsNoText() throws {
    #expect(try QuestionFile.read("\u{FEFF}{\"question_id\": 1, \"text\": \"a\"}").questions.count == 1)
  }

  @Test func aFieldNamedDataIsNoAnnotation() throws {
    let set = try QuestionFile.read("{\"question_id\": 1, \"text\": \"a\", \"data\": \"x\", \"answer\": \"\"}")
    #expect(set.format == .lines)
    #expect(set.questions.first?.answers == [])
  }

  @Test func moreOptionsThanLetters() throws {
    let options = (0..<30).map { "\"option \($0)\"" }.joined(separator: ", ")
    let set = try QuestionFile.read(
      "{\"question_id\": 1, \"text\": \"a\", \"answer\": \"Z\", \"options\": [\(options)]}")
    let question = try #require(set.questions.first)
    #expect(AnswerJudge.judge(question, answer: "option 25")?.score == 1)
    #expect(AnswerJudge.judge(question, answer: "option 26") == Judgement(score: 0, understood: ""))
  }
}
