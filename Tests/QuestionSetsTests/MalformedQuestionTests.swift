import FusionCore
import Glibc
import QuestionSets
import TestSupport
import Testing

/// What is wrong with a question file is said with its line and field.
@Suite struct MalformedQuestionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let code: FusionError.Code
    let place: String
    var found: String?
    var format: QuestionFormat?

    var testDescription: String { "\(code.rawValue) at \(place)" }
  }

  static let good = "{\"question_id\": 0, \"text\": \"a\"}\n"

  static let lines = [
    Case(text: "{\"text\": \"a\"}", code: .questionMissingField, place: "line 1, field question_id or id"),
    Case(
      text: good + "\n{\"question_id\": 1}", code: .questionMissingField,
      place: "line 3, field text or question or prompt"),
    Case(
      text: good + "{\"question_id\": [1], \"text\": \"a\"}", code: .questionWrongField,
      place: "line 2, field question_id", found: "a list of 1"),
    Case(
      text: "{\"question_id\": \"\", \"text\": \"a\"}", code: .questionWrongField, place: "line 1, field question_id"),
    Case(
      text: "{\"question_id\": 1.5, \"text\": \"a\"}", code: .questionWrongField, place: "line 1, field question_id"),
    Case(text: "{\"question_id\": 1, \"text\": 7}", code: .questionWrongField, place: "line 1, field text", found: "7"),
    Case(text: "{\"question_id\": 1, \"text\": \" \"}", code: .questionWrongField, place: "line 1, field text"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"text\": \"b\"}", code: .questionWrongField,
      place: "line 1, field text", found: "a second one"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"answer\": {}}", code: .questionWrongField,
      place: "line 1, field answer", found: "an object"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"answers\": [[\"x\"]]}", code: .questionWrongField,
      place: "line 1, field answers"),
    Case(
      text:
        "{\"question_id\": 1, \"text\": \"a\", \"answers\": [\(Array(repeating: "1", count: 65).joined(separator: ","))]}",
      code: .questionWrongField, place: "line 1, field answers", found: "more"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"answer\": \"perhaps\", \"type\": \"yes/no\"}",
      code: .questionWrongField, place: "line 1, field answer", found: "perhaps"),
    Case(
      text:
        "{\"question_id\": 1, \"text\": \"a\", \"answer\": \"C\", \"options\": [\"x\", \"y\"], \"type\": \"choice\"}",
      code: .questionWrongField, place: "line 1, field answer", found: "C"),
    Case(
      text: good + "{\"question_id\": \"0\", \"text\": \"b\"}", code: .questionDuplicate,
      place: "line 2, field question_id", found: "0, as in line 1"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"image\": \"../b.png\"}", code: .questionPicturePath,
      place: "line 1, field image", found: "../b.png"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"image\": \"/etc/b.png\"}", code: .questionPicturePath,
      place: "line 1, field image"),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"image\": \"../../b.png\"}", code: .questionPicturePath,
      place: "line 1, field image", format: .textvqa),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"image\": \"a\\u0000b\"}", code: .questionWrongField,
      place: "line 1, field image"),
    Case(
      text: good + "{\"question_id\": 1, ", code: .jsonSyntax, place: "line 2, offset 19", found: "the end of the text"),
    Case(text: good + "[1]", code: .jsonWrongType, place: "line 2, offset 0"),
    Case(text: good + "{\"question_id\": 1, \"text\": \"a\"} x", code: .jsonSyntax, place: "line 2, offset 32"),
    Case(
      text: good + "{\"x\": \(String(repeating: "[", count: 9))}", code: .jsonTooDeep, place: "line 2, offset 13"),
    Case(text: "", code: .questionsUnknownForm, place: "line 1", found: "an empty file"),
    Case(text: "hello\n", code: .questionsUnknownForm, place: "line 1", found: "hello"),
    Case(text: "\n\n", code: .questionsEmpty, place: "", format: .lines),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\", \"label\": \"maybe\"}", code: .questionWrongField,
      place: "line 1, field label", format: .pope),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\"}", code: .questionMissingField, place: "line 1, field label",
      format: .pope),
    Case(
      text: "{\"question_id\": 1, \"text\": \"a\"}", code: .questionMissingField, place: "line 1, field category",
      format: .mme),
    Case(
      text: String(repeating: "{\"question_id\": 1, \"text\": \"a\", \"category\": \"color\"}\n", count: 2),
      code: .questionDuplicate, place: "line 2, field question_id", format: .mme),
  ]

  @Test(arguments: lines)
  func linesThatAreWrong(example: Case) throws {
    let error = try #require(try QuestionFile.error(Array(example.text.utf8), example.format))
    #expect(error.code == example.code)
    #expect(error.place ?? "" == example.place)
    if let found = example.found { #expect(error.found == found) }
    #expect(error.expected?.isEmpty == false && error.remedy?.isEmpty == false)
    #expect(error.code.category.rawValue == 65)
  }

  @Test func bytesThatAreNoText() throws {
    let error = try #require(
      try QuestionFile.error(Array(Self.good.utf8) + Array("{\"a\": \"".utf8) + [0xFF, 0x22, 0x7D]))
    #expect(error.code == .jsonNotUTF8)
    #expect(error.place == "line 2, offset 7")
  }

  @Test func aLineThatIsTooLong() throws {
    let text = "{\"question_id\": 1, \"text\": \"\(String(repeating: "a", count: QuestionLimits.lineByteCount))\"}"
    let error = try #require(try QuestionFile.error(Array((Self.good + text).utf8)))
    #expect(error.code == .questionLineTooLong)
    #expect(error.place == "line 2, the whole line")
  }

  /// A file of a tebibyte without line ends is refused soon, not when all of it is read.
  @Test(.timeLimit(.minutes(1)), arguments: [QuestionFormat?.none] + QuestionFormat.allCases.map(Optional.some))
  func aFileWithoutLineEnds(format: QuestionFormat?) throws {
    let folder = try TemporaryFolder()
    for start in ["", "{", "[", "index\tquestion\tA\tB\n1\t\"", "Index,Question,Options,Correct Answer\n1,", "\""] {
      let path = try folder.write("questions", text: start)
      #expect(truncate(path, 1 << 40) == 0)
      let error = #expect(throws: FusionError.self) { try QuestionSet(path: path, format: format) }
      #expect(error?.code.category == .malformedInput)
    }
  }

  @Test func noSuchFile() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FusionError.self) { try QuestionSet(path: folder.file("absent")) }
    #expect(error?.code == .cannotOpen)
    #expect(error?.code.category == .missingInput)
  }

  /// Cut off anywhere, or with a byte changed, a file is read or refused, and never stops the program.
  @Test func damageAnywhere() throws {
    var random = SplitMix64(seed: 3)
    for text in QuestionExamples.all {
      let bytes = Array(text.utf8)
      let folder = try TemporaryFolder()
      for round in 0..<120 {
        var damaged = Array(
          bytes.prefix(round % 2 == 0 ? Int.random(in: 0...bytes.count, using: &random) : bytes.count))
        if round % 2 == 1 {
          damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        let path = try folder.write("questions", damaged)
        do {
          #expect(try !QuestionSet(path: path).questions.isEmpty)
        } catch let error as FusionError {
          #expect(error.code.category == .malformedInput, "\(error)")
        }
      }
    }
  }
}
